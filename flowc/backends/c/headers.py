"""Names that headers of C and POSIX take, beside those of math.h; a file includes stdio.h, string.h and stdint.h where it needs them."""

_WORDS = """
    printf sprintf snprintf dprintf fprintf vprintf vfprintf vsprintf vsnprintf vdprintf scanf fscanf sscanf vscanf vfscanf vsscanf
    fopen fclose fdopen freopen fmemopen open_memstream popen pclose fflush fread fwrite fseek fseeko ftell ftello rewind fgetpos fsetpos
    fileno feof ferror clearerr perror getc getchar fgetc fgets gets getw getline getdelim putc putchar puts fputc fputs putw ungetc
    setbuf setbuffer setlinebuf setvbuf remove rename renameat tmpfile tmpnam tmpnam_r tempnam ctermid cuserid
    flockfile ftrylockfile funlockfile clearerr_unlocked feof_unlocked ferror_unlocked fflush_unlocked fgetc_unlocked fileno_unlocked
    fputc_unlocked fread_unlocked fwrite_unlocked getc_unlocked getchar_unlocked putc_unlocked putchar_unlocked
    memchr memcmp memcpy memccpy memmove memset bcmp bcopy bzero explicit_bzero index rindex ffs ffsl ffsll
    strcat strchr strcmp strcoll strcpy strcspn strdup strerror strlen strncat strncmp strncpy strndup strnlen strpbrk strrchr strsep
    strsignal strspn strstr strtok strtok_r strxfrm stpcpy stpncpy strcasecmp strncasecmp strcasecmp_l strncasecmp_l strcoll_l
    strerror_l strerror_r strxfrm_l lgamma_r lgammaf_r lgammal_r
    abs labs div exit malloc free rand srand read write open close link time clock abort signal sleep pipe select step
    double_t float_t fpos_t off_t ssize_t locale_t max_align_t va_list
    """
FUNCTIONS = frozenset(_WORDS.split())
_SIZES = tuple(f"{kind}{bits}" for kind in ("", "_FAST", "_LEAST") for bits in (8, 16, 32, 64)) + ("MAX", "PTR")
INTEGERS = frozenset(  # of stdint.h
    [
        *(f"{sign}int{size}_t".lower() for sign in ("", "u") for size in _SIZES),
        *(f"{sign}INT{size}_{end}" for sign in ("", "U") for size in _SIZES for end in ("MAX", "MIN", "WIDTH", "C")),
        *(f"{kind}_{end}" for kind in ("PTRDIFF", "SIG_ATOMIC", "SIZE", "WCHAR", "WINT") for end in ("MAX", "MIN", "WIDTH")),
    ]
)
MACROS = (  # of math.h and stdio.h, on some system
    "SEEK_SET", "SEEK_CUR", "SEEK_END", "SEEK_DATA", "SEEK_HOLE", "BUFSIZ", "FILENAME_MAX", "FOPEN_MAX", "TMP_MAX",
    "L_tmpnam", "L_ctermid", "L_cuserid", "P_tmpdir", "FP_NAN", "FP_INFINITE", "FP_ZERO", "FP_SUBNORMAL", "FP_NORMAL",
    "FP_FAST_FMA", "FP_FAST_FMAF", "FP_FAST_FMAL", "FP_ILOGB0", "FP_ILOGBNAN", "FP_INT_UPWARD", "FP_INT_DOWNWARD",
    "FP_INT_TOWARDZERO", "FP_INT_TONEAREST", "FP_INT_TONEARESTFROMZERO", "MATH_ERRNO", "MATH_ERREXCEPT", "math_errhandling",
    "HUGE_VALF", "HUGE_VALL", "HUGE", "MAXFLOAT", "DOMAIN", "SING", "OVERFLOW", "UNDERFLOW", "PLOSS", "TLOSS", "X_TLOSS",
    "SNAN", "SNANF", "SNANL", "M_E", "M_LOG2E", "M_LOG10E", "M_LN2", "M_LN10", "M_PI", "M_PI_2", "M_PI_4", "M_1_PI",
    "M_2_PI", "M_2_SQRTPI", "M_SQRT2", "M_SQRT1_2",
)  # fmt: skip
