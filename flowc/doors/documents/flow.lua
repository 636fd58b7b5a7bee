-- Diagrams of flowc in pandoc and Quarto: every block of code of the class `flow` becomes what it asks for.
-- pandoc page.md --lua-filter="$(flowc pandoc-filter)" -o page.html

local PROBLEMS = 83 -- pandoc's own status for a filter that fails

local function is_flow(block)
  return block.classes:includes("flow")
end

-- The document's own files: Quarto gives pandoc others.
local function files()
  local input = quarto and quarto.doc and quarto.doc.input_file
  return input and { input } or pandoc.List(PANDOC_STATE.input_files):filter(function(name) return name ~= "-" end)
end

-- One process of flowc for all diagrams of a document, which speaks pandoc's own JSON.
local function drawn(blocks, meta)
  local sent = pandoc.Pandoc(blocks, pandoc.Meta({ flowc = meta.flowc, ["flowc-files"] = files() }))
  local program = os.getenv("FLOWC") or "flowc"
  local fine, answer = pcall(pandoc.pipe, program, { "pandoc-filter", "--blocks", FORMAT }, pandoc.write(sent, "json"))
  if fine then
    return pandoc.read(answer, "json").blocks
  end
  if answer.error_code == nil then
    io.stderr:write("flowc: the program `" .. program .. "` cannot be started; the variable FLOWC names it\n")
  end
  os.exit(PROBLEMS)
end

-- HTML has a picture in its address; other writers want files, which pandoc keeps in its bag.
local function in_bag(image)
  if image.src:sub(1, 5) ~= "data:" or FORMAT:match("html") or FORMAT:match("^revealjs") or FORMAT:match("^s[5l]") or FORMAT:match("^dzslides") then
    return nil
  end
  local kind, content = pandoc.mediabag.fetch(image.src)
  local ending = kind:match("svg") and "svg" or kind:match("pdf") and "pdf" or "png"
  image.src = "flow-" .. pandoc.utils.sha1(content):sub(1, 12) .. "." .. ending
  pandoc.mediabag.insert(image.src, kind, content)
  return image
end

function Pandoc(doc)
  local blocks = pandoc.List()
  doc:walk({ CodeBlock = function(block) if is_flow(block) then blocks:insert(block) end end })
  if #blocks == 0 then
    return nil
  end
  local pictures, number = drawn(blocks, doc.meta), 0
  if FORMAT == "beamer" then -- steps are drawn in the slide itself
    local head = doc.meta["header-includes"] or pandoc.List()
    local package = pandoc.MetaBlocks({ pandoc.RawBlock("latex", "\\usepackage{tikz}") })
    doc.meta["header-includes"] = pandoc.utils.type(head) == "List" and head .. { package } or pandoc.List({ head, package })
  end
  return doc:walk({
    CodeBlock = function(block)
      if is_flow(block) then
        number = number + 1
        return pictures[number]:walk({ Image = in_bag }).content
      end
    end,
  })
end
