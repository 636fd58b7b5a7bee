/* The exclusive or as one writes it by hand: two neurons, a third, and the four rows. */

#include <stdio.h>

static double step(double xi)
{
    return xi >= 0 ? 1 : 0;
}

static double forward(double x1, double x2)
{
    double h1 = step(0.5 - x1 - x2);
    double h2 = step(-1.5 + x1 + x2);
    return step(0.5 - h1 - h2);
}

int main(void)
{
    const double rows[4][3] = {{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {1, 1, 0}};
    int wrong = 0;

    for (int k = 0; k < 4; k++) {
        double f = forward(rows[k][0], rows[k][1]);
        printf("%g %g | %g | %g\n", rows[k][0], rows[k][1], rows[k][2], f);
        wrong += f != rows[k][2];
    }
    return wrong != 0;
}
