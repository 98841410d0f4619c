-- The client's half of `tidegate lsp`: how the server is started, and the rewritten script beside the script.
--
-- It keeps to what Neovim has had since 0.8, so that the way without `vim.lsp.enable` shares it. Lines and columns that
-- go through here are those of `vim.api`: rows from 0, columns in bytes.
local M = {}

local api = vim.api

-- How long typing has to rest before the rewritten script is asked for again, in milliseconds.
local DEBOUNCE = 80

-- Buffer of a script -> its preview: the buffer that shows it, and the numbers of the last question and the last timer.
local previews = {}

local function tell(message, level)
  vim.notify('tidegate: ' .. message, level or vim.log.levels.WARN)
end

-- Neovim 0.11 made the functions of a client methods.
local function request(client, method, params, handler, bufnr)
  if vim.fn.has('nvim-0.11') == 1 then
    return client:request(method, params, handler, bufnr)
  end
  return client.request(method, params, handler, bufnr)
end

local function notify(client, method, params)
  if vim.fn.has('nvim-0.11') == 1 then
    return client:notify(method, params)
  end
  return client.notify(method, params)
end

local function clients(filter)
  return (vim.lsp.get_clients or vim.lsp.get_active_clients)(filter)
end

local function client_of(bufnr)
  return clients({ name = 'tidegate', bufnr = bufnr })[1]
end

-- The folder of the nearest file or folder `name`, upwards from a path.
local function above(path, name)
  local found = vim.fs.find(name, { path = vim.fs.dirname(path), upward = true })[1]
  return found and vim.fs.dirname(found)
end

-- The folder that the server works in, and whether it is to look at this buffer at all. Files of Flink always are its
-- own; other SQL only where a `tidegate.toml` says so, since a project may hold SQL for something else.
function M.root(bufnr)
  local path = api.nvim_buf_get_name(bufnr)
  if path == '' or vim.bo[bufnr].buftype ~= '' then
    return nil, false
  end
  path = vim.fn.fnamemodify(path, ':p')
  local configured = above(path, 'tidegate.toml')
  local ours = configured ~= nil or vim.bo[bufnr].filetype == 'sql.flink'
  return configured or above(path, '.git'), ours
end

-- Rewritten script ------------------------------------------------------------------------------------------------

-- Replaces the lines that differ and no others, so that the window on the preview stays where it is.
local function set_lines(buf, lines)
  local old = api.nvim_buf_get_lines(buf, 0, -1, true)
  local first = 0
  while first < #old and first < #lines and old[first + 1] == lines[first + 1] do
    first = first + 1
  end
  local last = 0
  while last < #old - first and last < #lines - first and old[#old - last] == lines[#lines - last] do
    last = last + 1
  end
  if first == #old and first == #lines then
    return
  end
  vim.bo[buf].modifiable = true
  api.nvim_buf_set_lines(buf, first, #old - last, true, vim.list_slice(lines, first + 1, #lines - last))
  vim.bo[buf].modifiable = false
  vim.bo[buf].modified = false
end

local function show_answer(preview, answer)
  local text = answer.text
  if type(text) ~= 'string' then
    -- No old text: it would look like the rewritten form of what is there now.
    local why = type(answer.message) == 'string' and answer.message or 'the script cannot be rewritten'
    text = '-- ' .. why:gsub('%s+', ' ')
  end
  local lines = vim.split(text, '\r?\n')
  if #lines > 1 and lines[#lines] == '' then
    lines[#lines] = nil
  end
  set_lines(preview.buf, lines)
end

local function refresh(source)
  local preview = previews[source]
  if not preview then
    return
  end
  local client = client_of(source)
  if not client then
    show_answer(preview, { message = 'the language server has stopped' })
    return
  end
  preview.seq = preview.seq + 1
  local seq = preview.seq
  local params = { textDocument = { uri = vim.uri_from_bufnr(source) } }
  request(client, 'tidegate/rewritten', params, function(err, result)
    -- The buffer may be gone, or a later question on its way.
    if previews[source] ~= preview or preview.seq ~= seq then
      return
    end
    if err then
      show_answer(preview, { message = err.message or 'no answer from the language server' })
    elseif type(result) == 'table' then
      show_answer(preview, result)
    end
  end, source)
end

local function schedule_refresh(source)
  local preview = previews[source]
  if not preview then
    return
  end
  preview.due = preview.due + 1
  local due = preview.due
  vim.defer_fn(function()
    if previews[source] == preview and preview.due == due then
      refresh(source)
    end
  end, DEBOUNCE)
end

local function forget(source)
  previews[source] = nil
  if api.nvim_buf_is_valid(source) then
    for _, win in ipairs(vim.fn.win_findbuf(source)) do
      api.nvim_win_call(win, function()
        if vim.w.tidegate_diff then
          vim.w.tidegate_diff = nil
          vim.cmd('diffoff')
        end
      end)
    end
  end
end

-- The preview's buffer of a script. It is made when there is none.
local function preview_of(source)
  local preview = previews[source]
  if preview then
    return preview
  end
  local buf = api.nvim_create_buf(false, true)
  api.nvim_buf_set_name(buf, 'tidegate-rewritten://' .. api.nvim_buf_get_name(source))
  vim.bo[buf].buftype = 'nofile'
  vim.bo[buf].bufhidden = 'wipe'
  vim.bo[buf].swapfile = false
  vim.bo[buf].undolevels = -1
  vim.bo[buf].modifiable = false
  vim.bo[buf].filetype = 'sql.flink'
  preview = { buf = buf, seq = 0, due = 0 }
  previews[source] = preview

  local group = api.nvim_create_augroup('tidegate.preview.' .. source, {})
  api.nvim_create_autocmd({ 'TextChanged', 'TextChangedI', 'TextChangedP' }, {
    group = group,
    buffer = source,
    callback = function()
      schedule_refresh(source)
    end,
  })
  api.nvim_create_autocmd('BufWipeout', {
    group = group,
    buffer = buf,
    once = true,
    callback = function()
      pcall(api.nvim_del_augroup_by_id, group)
      -- Windows cannot be changed while a buffer goes.
      vim.schedule(function()
        forget(source)
      end)
    end,
  })
  api.nvim_create_autocmd('BufUnload', {
    group = group,
    buffer = source,
    once = true,
    callback = function()
      vim.schedule(function()
        if api.nvim_buf_is_valid(buf) then
          api.nvim_buf_delete(buf, { force = true })
        end
      end)
    end,
  })
  return preview
end

-- The window of a buffer on this tab page, the current one first.
local function window_of(bufnr)
  if api.nvim_get_current_buf() == bufnr then
    return api.nvim_get_current_win()
  end
  local win = vim.fn.bufwinid(bufnr)
  return win ~= -1 and win or nil
end

-- Opens the preview in a window beside the script, and stays in the script. Gives the window, or nil.
local function open(source)
  if not client_of(source) then
    tell('no language server is attached to this buffer')
    return nil
  end
  local preview = preview_of(source)
  local win = window_of(preview.buf)
  if not win then
    local from = api.nvim_get_current_win()
    vim.cmd('rightbelow vsplit')
    win = api.nvim_get_current_win()
    api.nvim_win_set_buf(win, preview.buf)
    api.nvim_set_current_win(from)
  end
  refresh(source)
  return win
end

-- Shows the rewritten form of a script's buffer, which follows what is typed.
function M.show(source)
  open(source)
end

-- The same, compared with the script.
function M.diff(source)
  local script = window_of(source)
  local win = script and open(source)
  if not win then
    return
  end
  for _, each in ipairs({ script, win }) do
    api.nvim_win_call(each, function()
      vim.cmd('diffthis')
      vim.w.tidegate_diff = true
    end)
  end
end

-- Of a command of the server: its first argument is the URI of the script.
local function for_uri(action)
  return function(command)
    local uri = (command.arguments or {})[1]
    if type(uri) ~= 'string' then
      tell('the command names no script')
      return
    end
    local bufnr = vim.uri_to_bufnr(uri)
    vim.fn.bufload(bufnr)
    action(bufnr)
  end
end

-- Fixes -----------------------------------------------------------------------------------------------------------

-- Applies the fixes that keep the meaning, and waits for them: what is saved next has them. Gives whether the server
-- answered within `timeout` milliseconds.
function M.fix_all(bufnr, timeout)
  local client = client_of(bufnr)
  if not client then
    return false
  end
  local last = api.nvim_buf_line_count(bufnr)
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(bufnr) },
    range = { start = { line = 0, character = 0 }, ['end'] = { line = last, character = 0 } },
    context = { diagnostics = {}, only = { 'source.fixAll.tidegate' } },
  }
  local ask = client.request_sync
  local answer
  if vim.fn.has('nvim-0.11') == 1 then
    answer = ask(client, 'textDocument/codeAction', params, timeout or 1000, bufnr)
  else
    answer = ask('textDocument/codeAction', params, timeout or 1000, bufnr)
  end
  if not answer or answer.err then
    return false
  end
  for _, action in ipairs(answer.result or {}) do
    if action.edit then
      vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
    end
  end
  return true
end

-- Events ----------------------------------------------------------------------------------------------------------

-- Asks for the code lenses of a buffer again. Releases of Neovim that know `enable` do that themselves.
local function refresh_lenses(bufnr)
  local client = client_of(bufnr)
  if vim.g.tidegate_code_lens == false or not client or not client.server_capabilities.codeLensProvider then
    return
  end
  if vim.fn.has('nvim-0.10') == 1 then
    vim.lsp.codelens.refresh({ bufnr = bufnr })
  elseif api.nvim_get_current_buf() == bufnr then
    vim.lsp.codelens.refresh()
  end
end

-- A client is attached to a buffer: show the code lenses, unless `vim.g.tidegate_code_lens` is false.
function M.attached(client_id, bufnr)
  local client = vim.lsp.get_client_by_id(client_id)
  if not client or client.name ~= 'tidegate' or vim.g.tidegate_code_lens == false then
    return
  end
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true, { bufnr = bufnr })
    return
  end
  api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave' }, {
    group = api.nvim_create_augroup('tidegate.lens.' .. bufnr, {}),
    buffer = bufnr,
    callback = function()
      refresh_lenses(bufnr)
    end,
  })
  refresh_lenses(bufnr)
end

-- Neovim watches no files on Linux and BSD unless it is told to, so that the server would not hear of a changed
-- configuration. What is written in this Neovim is known here. 2 is `Changed`, 3 is `Deleted`.
local function changed(path)
  local kind = vim.fn.filereadable(path) == 1 and 2 or 3
  for _, client in ipairs(clients({ name = 'tidegate' })) do
    local params = { changes = { { uri = vim.uri_from_fname(path), type = kind } } }
    notify(client, 'workspace/didChangeWatchedFiles', params)
  end
end

function M.written(path)
  changed(path)
end

function M.returned()
  local seen = {}
  for _, client in ipairs(clients({ name = 'tidegate' })) do
    local root = client.config.root_dir
    if root and not seen[root] then
      seen[root] = true
      changed(root .. '/tidegate.toml')
    end
  end
end

-- Neovim 0.11 may draw the lines between a refresh of hints and its answer, and then leaves the answer undrawn as long as
-- the text stays. To switch them on again makes it start from nothing.
local due_hints = {}
local function redraw_hints(bufnr)
  if vim.fn.has('nvim-0.11') == 0 or vim.lsp.codelens.enable or not vim.lsp.inlay_hint.is_enabled({ bufnr = bufnr }) then
    return
  end
  local due = (due_hints[bufnr] or 0) + 1
  due_hints[bufnr] = due
  vim.defer_fn(function()
    local loaded = api.nvim_buf_is_loaded(bufnr)
    if due_hints[bufnr] == due and loaded and vim.lsp.inlay_hint.is_enabled({ bufnr = bufnr }) then
      vim.lsp.inlay_hint.enable(true, { bufnr = bufnr })
    end
  end, DEBOUNCE)
end

-- `vim.b.tidegate` is for a status line: "2 watermarks · 1 gate · exact".
local function on_status(_, status)
  if type(status) ~= 'table' or type(status.uri) ~= 'string' then
    return
  end
  local bufnr = vim.uri_to_bufnr(status.uri)
  if not api.nvim_buf_is_loaded(bufnr) then
    return
  end
  local summary = type(status.summary) == 'string' and status.summary or ''
  vim.b[bufnr].tidegate = summary
  -- It also comes when the configuration or the catalog changed, and the script did not.
  schedule_refresh(bufnr)
  -- And when the script is analysed, which is when there are lenses. Neovim 0.11 cannot be asked to fetch them.
  if not vim.lsp.codelens.enable then
    refresh_lenses(bufnr)
  end
  redraw_hints(bufnr)
end

-- Start -----------------------------------------------------------------------------------------------------------

-- The client's configuration, for `vim.lsp.enable` and for `vim.lsp.start`.
function M.config()
  return {
    name = 'tidegate',
    cmd = { 'tidegate', 'lsp' },
    filetypes = { 'sql.flink', 'sql' },
    -- A function in place of `root_markers`, since which SQL is Flink's is decided there too.
    root_dir = function(bufnr, on_dir)
      local root, ours = M.root(bufnr)
      if ours then
        on_dir(root)
      end
    end,
    get_language_id = function(_, filetype)
      return filetype == 'sql.flink' and 'flink-sql' or filetype
    end,
    -- Neovim applies edits that name a version, and refuses those of an older one, but does not say so.
    capabilities = { workspace = { workspaceEdit = { documentChanges = true } } },
    init_options = {
      validate = true,
      inlayHints = true,
      codeLens = true,
      status = true,
      clientCommands = { 'tidegate.showRewritten', 'tidegate.diffRewritten' },
    },
    commands = {
      ['tidegate.showRewritten'] = for_uri(M.show),
      ['tidegate.diffRewritten'] = for_uri(M.diff),
    },
    handlers = { ['tidegate/status'] = on_status },
  }
end

-- Starts the server for a buffer, or attaches the one that runs: for Neovim before 0.11, from a FileType autocommand.
-- `overrides` go before the configuration above, key by key.
function M.start(bufnr, overrides)
  local root, ours = M.root(bufnr)
  if not ours or client_of(bufnr) then
    return
  end
  local config = vim.tbl_deep_extend('force', M.config(), overrides or {})
  config.filetypes = nil
  config.root_dir = root
  -- Older releases take these for all that there are.
  local all = vim.lsp.protocol.make_client_capabilities()
  config.capabilities = vim.tbl_deep_extend('force', all, config.capabilities)
  vim.lsp.start(config, { bufnr = bufnr })
end

return M
