-- A Neovim that is driven from outside: keys go in as a person's would, what it shows is read back. Nothing here sleeps
-- for a fixed time: every wait is for a state, and has a limit.
local M = {}

local uv = vim.uv
local here = vim.fs.dirname(vim.fs.abspath(debug.getinfo(1, 'S').source:sub(2)))

M.plugin = vim.fs.dirname(here)
M.server = assert(vim.env.TIDEGATE, 'TIDEGATE names no binary')
-- Milliseconds that a single wait may take, and a whole case.
M.patience = tonumber(vim.env.TIDEGATE_EDITORS_PATIENCE or '') or 15000
M.case_limit = 4 * M.patience

function M.write(path, text)
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  local file = assert(io.open(path, 'wb'))
  file:write(text)
  file:close()
end

function M.read(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('*a')
  file:close()
  return text
end

-- What the command line prints for arguments, in a folder.
function M.run(folder, arguments)
  local done = vim.system(vim.list_extend({ M.server }, arguments), { cwd = folder }):wait(M.patience)
  return done.stdout, done.code
end

function M.equal(got, wanted, what)
  if not vim.deep_equal(got, wanted) then
    error(('%s\n  wanted %s\n  got    %s'):format(what, vim.inspect(wanted), vim.inspect(got)), 0)
  end
end

function M.holds(condition, what)
  if not condition then
    error(what, 0)
  end
end

local Editor = {}
Editor.__index = Editor

-- Starts a Neovim on files of a new folder. `wishes`: files (name -> text), open (name), encodings, watch, start, and
-- `folder` where it is to be another one.
function M.editor(wishes)
  local self = setmetatable({}, Editor)
  self.home = vim.fn.tempname()
  self.folder = self.home .. '/work'
  vim.fn.mkdir(self.folder, 'p')
  self.folder = uv.fs_realpath(self.folder)
  for name, text in pairs(wishes.files or {}) do
    M.write(self.folder .. '/' .. name, text)
  end
  local env = {
    TIDEGATE_TEST = vim.json.encode({
      plugin = M.plugin,
      server = M.server,
      encodings = wishes.encodings or { 'utf-8', 'utf-16' },
      watch = wishes.watch or false,
      start = wishes.start or 'enable',
    }),
    HOME = self.home,
    NVIM_LOG_FILE = self.home .. '/nvim.log',
  }
  for _, name in ipairs({ 'CONFIG', 'DATA', 'STATE', 'CACHE' }) do
    env['XDG_' .. name .. '_HOME'] = self.home .. '/' .. name:lower()
  end
  self.channel = vim.fn.jobstart({
    vim.v.progpath,
    '--embed',
    '--headless',
    '--clean',
    '-u',
    here .. '/init.lua',
  }, { rpc = true, cwd = self.folder, env = env })
  M.holds(self.channel > 0, 'Neovim does not start')
  self.pid = vim.fn.jobpid(self.channel)
  -- A question to a Neovim that hangs has no limit of its own: the process is ended, which ends the question.
  self.limit = assert(uv.new_timer())
  self.limit:start(M.case_limit, 0, function()
    self.overdue = true
    uv.kill(self.pid, 'sigkill')
  end)
  -- A window to draw on, so that hints and lenses are drawn.
  self:call('nvim_ui_attach', 140, 50, { rgb = true })
  if wishes.open then
    self:open(wishes.open)
  end
  return self
end

function Editor:call(method, ...)
  local ok, result = pcall(vim.rpcrequest, self.channel, method, ...)
  if not ok then
    error(self.overdue and 'the case took too long' or result, 0)
  end
  if result == vim.NIL then
    return nil
  end
  return result
end

-- Runs Lua in the Neovim under test; `...` in the code are the arguments.
function Editor:lua(code, ...)
  return self:call('nvim_exec_lua', code, { ... })
end

function Editor:keys(keys)
  self:call('nvim_input', keys)
end

function Editor:open(name)
  self:call('nvim_cmd', { cmd = 'edit', args = { self.folder .. '/' .. name } }, vim.empty_dict())
end

-- Waits until `ask` gives something that is neither nil nor false, and gives that.
function Editor:wait(what, ask)
  local answer
  local reached = vim.wait(M.patience, function()
    answer = ask()
    return answer and true or false
  end, 20)
  if not reached then
    error(('no %s within %d ms\n%s'):format(what, M.patience, self:state()), 0)
  end
  return answer
end

-- What there is to see, for a message.
function Editor:state()
  local lines = {}
  local ok, shown = pcall(self.lua, self, [[
    local found = {}
    for _, each in ipairs(vim.diagnostic.get(0)) do
      table.insert(found, ('%d:%d %s: %s'):format(each.lnum + 1, each.col + 1, tostring(each.code), each.message))
    end
    return { diagnostics = found, said = said, offered = offered, logged = logged, text = vim.api.nvim_buf_get_lines(0, 0, -1, true) }
  ]])
  table.insert(lines, ok and vim.inspect(shown) or 'Neovim does not answer')
  local log = self.home .. '/state/nvim/lsp.log'
  if uv.fs_stat(log) then
    local text = M.read(log)
    table.insert(lines, 'lsp.log: ' .. text:sub(-2000))
  end
  return table.concat(lines, '\n')
end

-- Waits for a server that is attached to the current buffer and has answered.
function Editor:attached()
  return self:wait('language server', function()
    return self:lua([[
      local client = vim.lsp.get_clients({ bufnr = 0, name = 'tidegate' })[1]
      return client and client.initialized and client.id
    ]])
  end)
end

-- The whole text of the current buffer, line ends as `\n`.
function Editor:text(bufnr)
  return self:lua([[return table.concat(vim.api.nvim_buf_get_lines(..., 0, -1, true), '\n') .. '\n']], bufnr or 0)
end

-- Findings of the current buffer, of all sources: code, severity, source, the text that is marked, row and column from 0.
function Editor:findings(code)
  return self:lua(
    [[
    local code, found = ..., {}
    for _, each in ipairs(vim.diagnostic.get(0)) do
      if code == vim.NIL or each.code == code then
        table.insert(found, {
          code = each.code, severity = vim.diagnostic.severity[each.severity], source = each.source,
          row = each.lnum, column = each.col,
          marks = table.concat(vim.api.nvim_buf_get_text(0, each.lnum, each.col, each.end_lnum, each.end_col, {}), '\n'),
        })
      end
    end
    return found
  ]],
    code or vim.NIL
  )
end

function Editor:wait_finding(code)
  return self:wait('finding ' .. code, function()
    return self:findings(code)[1]
  end)
end

function Editor:wait_without(code)
  self:wait('end of the finding ' .. code, function()
    return #self:findings(code) == 0
  end)
end

function Editor:wait_text(wanted)
  local reached = vim.wait(M.patience, function()
    return self:text() == wanted
  end, 20)
  if not reached then
    M.equal(self:text(), wanted, 'the buffer')
  end
end

-- Puts the cursor on the first `text` of the buffer, and `skip` bytes further.
function Editor:go(text, skip)
  local found = self:lua(
    [[
    local text, skip = ...
    for row, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, true)) do
      local at = line:find(text, 1, true)
      if at then
        vim.api.nvim_win_set_cursor(0, { row, at - 1 + skip })
        return true
      end
    end
    return false
  ]],
    text,
    skip or 0
  )
  M.holds(found, 'the buffer has no ' .. text)
end

-- Asks the server, with the position of the cursor if `positioned`.
function Editor:ask(method, positioned, more)
  return self:lua(
    [[
    local method, positioned, more, patience = ...
    local client = vim.lsp.get_clients({ bufnr = 0, name = 'tidegate' })[1]
    local params = positioned and vim.lsp.util.make_position_params(0, client.offset_encoding)
      or { textDocument = vim.lsp.util.make_text_document_params() }
    params = vim.tbl_extend('force', params, more)
    local answer = assert(client:request_sync(method, params, patience, 0), method .. ' was not answered')
    assert(not answer.err, answer.err and answer.err.message)
    return answer.result or vim.NIL
  ]],
    method,
    positioned or false,
    more or vim.empty_dict(),
    M.patience
  )
end

-- Applies the first action whose title has `words`, as the user does: offered for the cursor, chosen by its title.
function Editor:act(words)
  self:lua(
    [[
    local words, chosen = ..., nil
    _G.offered = {}
    vim.lsp.buf.code_action({
      filter = function(action)
        table.insert(offered, action.title)
        if chosen == nil and action.title:find(words, 1, true) then
          chosen = action.title
        end
        return action.title == chosen
      end,
      apply = true,
    })
  ]],
    words
  )
end

-- The screen as text, one line a row.
function Editor:screen()
  return self:lua([[
    vim.cmd('redraw')
    local rows = {}
    for row = 1, vim.o.lines do
      local cells = {}
      for column = 1, vim.o.columns do
        cells[column] = vim.fn.screenstring(row, column)
      end
      rows[row] = table.concat(cells)
    end
    return table.concat(rows, '\n')
  ]])
end

function Editor:wait_screen(what, pattern)
  return self:wait(what .. ' on the screen', function()
    return self:screen():match(pattern)
  end)
end

-- What the server says of itself is wrong with it, or what Neovim says of its answers.
function Editor:troubles()
  local ok, found = pcall(self.lua, self, [[
    local found = {}
    for _, message in ipairs(logged) do
      if message:find('bug', 1, true) then table.insert(found, message) end
    end
    for _, each in ipairs(said) do
      if each.level >= vim.log.levels.ERROR then table.insert(found, each.message) end
    end
    return found
  ]])
  return ok and found or {}
end

function Editor:close()
  self.limit:stop()
  self.limit:close()
  pcall(vim.rpcnotify, self.channel, 'nvim_command', 'qall!')
  if vim.fn.jobwait({ self.channel }, 5000)[1] == -1 then
    vim.fn.jobstop(self.channel)
    self.stuck = true
  end
  vim.fn.delete(self.home, 'rf')
end

return M
