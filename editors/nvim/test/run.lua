-- Runs the cases: `nvim -l run.lua [words of names]`. TIDEGATE names the binary whose server is tested. Prints a line for
-- each case; ends with 1 if one fails, or if no case ran.
local here = vim.fs.dirname(vim.fs.abspath(debug.getinfo(1, 'S').source:sub(2)))
package.path = here .. '/?.lua;' .. package.path

local harness = require('harness')
local cases = require('cases')

local function say(line)
  io.stdout:write(line, '\n')
  io.stdout:flush()
end

local passed, failed = 0, 0
for _, case in ipairs(cases) do
  local chosen = #arg == 0
  for _, words in ipairs(arg) do
    chosen = chosen or case.name:find(words, 1, true) ~= nil
  end
  if chosen then
    local begun = vim.uv.hrtime()
    local editors = {}
    local function editor(wishes)
      local made = harness.editor(wishes)
      table.insert(editors, made)
      return made
    end
    local ok, message = pcall(case.run, editor)
    for _, made in ipairs(editors) do
      local troubles = made:troubles()
      if ok and #troubles > 0 then
        ok, message = false, table.concat(troubles, '\n')
      end
      made:close()
      if ok and made.stuck then
        ok, message = false, 'Neovim does not end'
      end
    end
    local took = (vim.uv.hrtime() - begun) / 1e9
    if ok then
      passed = passed + 1
      say(('PASS %s (%.1f s)'):format(case.name, took))
    else
      failed = failed + 1
      say(('FAIL %s (%.1f s)\n     %s'):format(case.name, took, (tostring(message):gsub('\n', '\n     '))))
    end
  end
end

say(('%d passed, %d failed'):format(passed, failed))
os.exit((failed > 0 or passed == 0) and 1 or 0)
