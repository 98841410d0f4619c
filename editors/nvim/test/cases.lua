-- What a person does in Neovim, and what has to come of it. Each case has a folder and a Neovim of its own.
local h = require('harness')
local equal, holds = h.equal, h.holds

local cases = {}
local function case(name, run)
  table.insert(cases, { name = name, run = run })
end

-- Lua blocks of the README by the name in the comment before them.
local function readme(name)
  local text = h.read(h.plugin .. '/README.md')
  local block = text:match('<!%-%- test: ' .. vim.pesc(name) .. ' %-%->\n```lua\n(.-)```')
  holds(block, 'the README has no block ' .. name)
  return block
end

-- `text` with each odd one of the others, which has to be there, replaced by the one behind it.
local function replaced(text, ...)
  local pairs = { ... }
  for index = 1, #pairs, 2 do
    local from, to = text:find(pairs[index], 1, true)
    holds(from, 'the text has no ' .. pairs[index])
    text = text:sub(1, from - 1) .. pairs[index + 1] .. text:sub(to + 1)
  end
  return text
end

-- A wrong option behind characters of two, three and four bytes; `🙂` is two units in UTF-16. Its fix may change the
-- meaning, so that it is offered and is no part of "fix all".
local OPTION = [[
-- é 表 🙂
CREATE TABLE clicks (
  id BIGINT COMMENT 'é表🙂', ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH (
  'connector' = 'datagen', /* é表🙂 */ 'row-per-second' = '1'
);
CREATE TABLE out_t (id BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO out_t SELECT id FROM clicks;
]]
local OPTION_FIXED = OPTION:gsub("'row%-per", "'rows-per")

-- Two mistakes whose fixes keep the meaning, behind such characters; and the option, whose fix does not.
local SAFE = [[
CREATE TABLE clicks (
  id BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'datagen', 'row-per-second' = '1');
/* é表🙂 */ CREATE TABLE out_t (id BIGINT, `é表🙂` STRING,) WITH ('connector' = 'blackhole');
CREATE TABLE more (id BIGINT COMMENT '🙂', value STRING)
/* é表🙂 */ WITH ('connector' = 'blackhole');
INSERT INTO out_t SELECT id, '🙂' FROM clicks;
]]
local SAFE_FIXED = replaced(SAFE, 'STRING,', 'STRING', 'value', '`value`')

local CLEAN = OPTION_FIXED

-- Opens `text` as a script and waits for the server.
local function script(editor, text, more)
  local wishes = vim.tbl_extend('force', { files = {}, open = 'job.flink.sql' }, more or {})
  wishes.files['job.flink.sql'] = text
  local ed = editor(wishes)
  ed:attached()
  return ed
end

local ENCODINGS = { 'utf-8', 'utf-16' }

-- Files --------------------------------------------------------------------------------------------------------------

case('filetype: Flink scripts are SQL with a second part', function(editor)
  for _, name in ipairs({ 'job.flink.sql', 'job.fsql', 'a.b.flink.sql' }) do
    local ed = editor({ files = { [name] = CLEAN }, open = name, start = 'none' })
    local seen = ed:lua([[
      return {
        vim.bo.filetype, vim.b.current_syntax, vim.bo.commentstring:gsub('%s', '') ,
        vim.treesitter.language.get_lang(vim.bo.filetype),
        vim.fn.synIDattr(vim.fn.synID(2, 1, 1), 'name'),
      }
    ]])
    equal({ seen[1], seen[3], seen[4] }, { 'sql.flink', '--%s', 'sql' }, name)
    holds(seen[2] and seen[2]:find('sql'), name .. ' has no syntax of SQL: ' .. tostring(seen[2]))
    holds(seen[5]:find('^sql'), name .. ': CREATE is not coloured: ' .. seen[5])
  end
  local ed = editor({ files = { ['q.sql'] = 'SELECT 1;\n' }, open = 'q.sql', start = 'none' })
  equal(ed:lua('return vim.bo.filetype'), 'sql', 'other SQL')
end)

case('filetype: the server is told flink-sql', function(editor)
  local ed = script(editor, CLEAN)
  local id = ed:lua([[
    local client = vim.lsp.get_clients({ bufnr = 0 })[1]
    return { client.get_language_id(0, vim.bo.filetype), client.get_language_id(0, 'sql') }
  ]])
  equal(id, { 'flink-sql', 'sql' }, 'language ids')
end)

case('attach: other SQL only below a tidegate.toml', function(editor)
  local ed = editor({
    files = {
      ['plain/q.sql'] = OPTION,
      ['plain/q.flink.sql'] = OPTION,
      ['ours/tidegate.toml'] = '',
      ['ours/deep/q.sql'] = OPTION,
    },
    open = 'plain/q.sql',
  })
  -- The next file's server comes after this one's would have.
  ed:open('plain/q.flink.sql')
  ed:attached()
  ed:open('plain/q.sql')
  equal(ed:lua('return #vim.lsp.get_clients({ bufnr = 0 })'), 0, 'servers of SQL that nobody said is for Flink')
  ed:open('ours/deep/q.sql')
  ed:attached()
  equal(
    ed:lua('return vim.lsp.get_clients({ bufnr = 0 })[1].config.root_dir'),
    ed.folder .. '/ours',
    'the folder with the tidegate.toml'
  )
  ed:wait_finding('unknown-connector-option')
end)

case('attach: the README of 0.11 and the one of 0.8', function(editor)
  for _, name in ipairs({ 'enable', 'start' }) do
    local ed = editor({ files = { ['job.flink.sql'] = OPTION }, start = 'readme' })
    -- The binary under test is not on the path.
    ed:lua([[
      if ... == 'enable' then
        vim.lsp.config('tidegate', overrides)
      else
        local start = require('tidegate').start
        require('tidegate').start = function(bufnr) start(bufnr, overrides) end
      end
    ]], name)
    ed:lua(readme(name))
    ed:open('job.flink.sql')
    ed:attached()
    ed:lua([[vim.cmd('doautocmd FileType') vim.cmd('doautocmd FileType')]])
    ed:wait_finding('unknown-connector-option')
    equal(ed:lua('return #vim.lsp.get_clients()'), 1, name .. ': servers')
    ed:lua('vim.cmd.TidegateRewritten()')
    ed:wait_screen('the rewritten script', 'out_t__gate')
  end
end)

case('attach: settings of the README reach the server', function(editor)
  local ed = editor({ files = { ['job.flink.sql'] = OPTION } })
  ed:lua(readme('settings'))
  ed:open('job.flink.sql')
  ed:attached()
  local options = ed:lua('return vim.lsp.get_clients({ bufnr = 0 })[1].config.init_options')
  equal({ options.flink, options.validate, options.status }, { '2.1', false, true }, 'init_options')
  ed:wait_finding('unknown-connector-option')
end)

case('settings: where Neovim has none for the section, the initial ones stay', function(editor)
  for _, settings in ipairs({
    { init_options = { codeLens = false } },
    { settings = { tidegate = { codeLens = false } } },
  }) do
    local ed = editor({ files = { ['job.flink.sql'] = CLEAN } })
    ed:lua('vim.lsp.config("tidegate", ...)', settings)
    ed:open('job.flink.sql')
    ed:attached()
    ed:wait_finding('best-effort')
local offers = ed:lua('return vim.lsp.get_clients({ bufnr = 0 })[1].server_capabilities.codeLensProvider ~= nil')
    local lenses = offers and ed:ask('textDocument/codeLens') or {}
    equal(lenses, {}, 'lenses under ' .. vim.inspect(settings))
  end
end)

-- Findings -------------------------------------------------------------------------------------------------------------

for _, encoding in ipairs(ENCODINGS) do
  case('findings: marked to the byte, once, in ' .. encoding, function(editor)
    local ed = script(editor, OPTION, { encodings = { encoding } })
    equal(ed:lua('return vim.lsp.get_clients({ bufnr = 0 })[1].offset_encoding'), encoding, 'position encoding')
    ed:wait_finding('unknown-connector-option')
    -- Another answer of the server, so that what it published twice would have come.
    ed:ask('textDocument/documentSymbol')
    equal(ed:findings('unknown-connector-option'), {
      {
        code = 'unknown-connector-option',
        severity = 'WARN',
        source = 'tidegate',
        row = 5,
        column = #"  'connector' = 'datagen', /* é表🙂 */ ",
        marks = "'row-per-second'",
      },
    }, 'findings')
  end)

  case('fix: by its title, to the byte, in ' .. encoding, function(editor)
    local ed = script(editor, OPTION, { encodings = { encoding } })
    ed:wait_finding('unknown-connector-option')
    ed:go("'row-per-second'", 3)
    ed:act("'rows-per-second'")
    ed:wait_text(OPTION_FIXED)
    ed:wait_without('unknown-connector-option')
    ed:lua('vim.cmd.write()')
    equal(h.read(ed.folder .. '/job.flink.sql'), OPTION_FIXED, 'the file')
  end)

  case('typing: characters before the place, nothing saved, then the fix, in ' .. encoding, function(editor)
    local ed = script(editor, OPTION, { encodings = { encoding } })
    ed:wait_finding('unknown-connector-option')
    ed:go("/* é表🙂 */ 'row")
    ed:keys('i/*🙂表é<BS>é🙂*/ <Esc>0')
    local typed = OPTION:gsub('/%* é表🙂', '/*🙂表é🙂*/ /* é表🙂')
    ed:wait_text(typed)
    local moved = #"  'connector' = 'datagen', /*🙂表é🙂*/ /* é表🙂 */ "
    ed:wait('finding at its new place', function()
      local found = ed:findings('unknown-connector-option')
      return #found == 1 and found[1].column == moved and found[1].marks == "'row-per-second'"
    end)
    ed:go("'row-per-second'", 3)
    ed:act("'rows-per-second'")
    ed:wait_text((typed:gsub("'row%-per", "'rows-per")))
    equal(h.read(ed.folder .. '/job.flink.sql'), OPTION, 'the file, which nobody saved')
  end)

  case('typing: many lines in and out, undone and redone, in ' .. encoding, function(editor)
    local ed = script(editor, OPTION, { encodings = { encoding } })
    ed:wait_finding('unknown-connector-option')
    -- Lines are put before, cut in two, joined and taken out: the server's text has to stay that of the buffer.
    ed:keys('ggO-- 🙂 one<CR>-- 表 two<Esc>yyP3jJuGdd<C-r>uggdj')
    ed:wait('end of the keys', function()
      return ed:lua([[return vim.fn.mode() == 'n' and #vim.fn.getreg('"') > 0 and vim.fn.getchar(1) == 0]])
    end)
    ed:wait('finding in the text as it is', function()
      local text, found = ed:text(), ed:findings('unknown-connector-option')
      return #found == 1
        and found[1].marks == "'row-per-second'"
        and text:find("'row-per-second'", 1, true)
        and select(2, text:sub(1, text:find("'row-per-second'", 1, true)):gsub('\n', '')) == found[1].row
    end)
    ed:go("'row-per-second'", 3)
    local before = ed:text()
    ed:act("'rows-per-second'")
    ed:wait_text((before:gsub("'row%-per", "'rows-per")))
  end)

  case('fix all: what keeps the meaning and no more, in ' .. encoding, function(editor)
    local ed = script(editor, SAFE, { encodings = { encoding } })
    ed:wait_finding('trailing-comma')
    ed:lua('vim.cmd.TidegateFixAll()')
    equal(ed:text(), SAFE_FIXED, 'the buffer')
    ed:wait_without('trailing-comma')
    ed:wait_without('reserved-identifier')
    ed:wait_finding('unknown-connector-option')
    -- Nothing is left to be done, and nothing is done.
    ed:lua('vim.cmd.TidegateFixAll()')
    equal(ed:text(), SAFE_FIXED, 'the buffer after the second time')
  end)
end

case('fix all: comes to what `tidegate check --fix` comes to', function(editor)
  -- The option that is set twice only shows once the statement can be read.
  local text = replaced(SAFE, "/* é表🙂 */ WITH (", "/* é表🙂 */ WITH ('connector' = 'print', ")
  local ed = script(editor, text)
  ed:wait_finding('unknown-connector-option')
  h.write(ed.folder .. '/copy.flink.sql', text)
  h.run(ed.folder, { 'check', '--fix', '--no-validate', 'copy.flink.sql' })
  equal(h.read(ed.folder .. '/copy.flink.sql'), SAFE_FIXED, 'the file that `check --fix` mends')
  ed:lua('vim.cmd.TidegateFixAll()')
  equal(ed:text(), SAFE_FIXED, 'the buffer')
end)

case("fix all: as Neovim's own source action", function(editor)
  local ed = script(editor, SAFE)
  ed:wait_finding('trailing-comma')
  ed:lua([[vim.lsp.buf.code_action({ context = { only = { 'source.fixAll' }, diagnostics = {} }, apply = true })]])
  ed:wait_text(SAFE_FIXED)
end)

case('fix on save: the README', function(editor)
  local ed = script(editor, SAFE)
  ed:lua(readme('fix-on-save'))
  ed:wait_finding('trailing-comma')
  ed:lua('vim.cmd.write()')
  equal(h.read(ed.folder .. '/job.flink.sql'), SAFE_FIXED, 'the file')
  ed:lua('vim.cmd.write()')
  equal(h.read(ed.folder .. '/job.flink.sql'), SAFE_FIXED, 'the file after the second time')
end)

case('fix: once, however often the server was to be attached', function(editor)
  local ed = script(editor, OPTION)
  ed:lua([[
    vim.cmd('doautocmd FileType')
    vim.lsp.enable('tidegate')
    vim.bo.filetype = 'sql.flink'
    vim.cmd('edit')
    vim.cmd('doautocmd FileType')
  ]])
  ed:attached()
  ed:wait_finding('unknown-connector-option')
  equal(ed:lua('return { #vim.lsp.get_clients(), #vim.lsp.get_clients({ bufnr = 0 }) }'), { 1, 1 }, 'servers')
  ed:go("'row-per-second'", 3)
  ed:act("'rows-per-second'")
  ed:wait_text(OPTION_FIXED)
  ed:wait_without('unknown-connector-option')
  -- The place is mended: there is nothing to choose.
  ed:act("'rows-per-second'")
  ed:ask('textDocument/documentSymbol')
  equal(ed:text(), OPTION_FIXED, 'the buffer after the second time')
end)

case('fix: one that was asked for before an edit does not land after it', function(editor)
  local ed = script(editor, OPTION)
  ed:wait_finding('unknown-connector-option')
  -- Neovim counts versions from 0, and compares those above 0 only.
  ed:go("'row-per-second'")
  ed:keys('ix<BS><Esc>')
  ed:wait('edit', function()
    return ed:lua('return vim.lsp.util.buf_versions[vim.api.nvim_get_current_buf()] > 0')
  end)
  ed:wait_text(OPTION)
  ed:wait_finding('unknown-connector-option')
  ed:go("'row-per-second'", 3)
  ed:lua([[
    local client = vim.lsp.get_clients({ bufnr = 0 })[1]
    local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
    params.context = { diagnostics = vim.tbl_map(function(d) return d.user_data.lsp end, vim.diagnostic.get(0)) }
    local answer = assert(client:request_sync('textDocument/codeAction', params, 10000, 0))
    for _, action in ipairs(answer.result) do
      if action.title:find("'rows-per-second'", 1, true) then
        _G.old = assert(action.edit, 'the action has no edit')
      end
    end
    assert(old, 'no action')
  ]])
  ed:go("/* é表🙂 */")
  ed:keys('i/**/ <Esc>')
  local typed = OPTION:gsub('/%* é表🙂', '/**/ /* é表🙂')
  ed:wait_text(typed)
  ed:lua([[
    local client = vim.lsp.get_clients({ bufnr = 0 })[1]
    vim.lsp.util.apply_workspace_edit(old, client.offset_encoding)
  ]])
  equal(ed:text(), typed, 'the buffer')
end)

case('fix: line ends of DOS stay', function(editor)
  local dos = OPTION:gsub('\n', '\r\n')
  local ed = script(editor, dos)
  equal(ed:lua('return vim.bo.fileformat'), 'dos', 'file format')
  equal(ed:wait_finding('unknown-connector-option').marks, "'row-per-second'", 'what is marked')
  ed:go("'row-per-second'", 3)
  ed:act("'rows-per-second'")
  ed:wait_text(OPTION_FIXED)
  ed:lua('vim.cmd.write()')
  equal(h.read(ed.folder .. '/job.flink.sql'), (OPTION_FIXED:gsub('\n', '\r\n')), 'the file')
end)

case('fix: a finding can be ignored, there and in the whole file', function(editor)
  for _, words in ipairs({ 'here', 'file' }) do
    local ed = script(editor, OPTION)
    ed:wait_finding('unknown-connector-option')
    ed:go("'row-per-second'", 3)
    ed:act('ignore `unknown-connector-option` ' .. (words == 'file' and 'in this file' or 'here'))
    ed:wait_without('unknown-connector-option')
    -- The comment is a line of its own, and nothing else is different.
    local kept, comments = {}, {}
    for line in ed:text():gmatch('([^\n]*)\n') do
      table.insert(line:find('^%s*%-%- tidegate: ignore') and comments or kept, line)
    end
    equal(#comments, 1, 'comments in ' .. ed:text())
    equal(table.concat(kept, '\n') .. '\n', OPTION, 'the text without the comment')
    equal(ed:findings('unused-ignore'), {}, 'comments that ignore nothing')
    ed:keys('u')
    ed:wait_text(OPTION)
    ed:wait_finding('unknown-connector-option')
  end
end)

case('findings: a syntax error comes and goes as one types', function(editor)
  local ed = script(editor, CLEAN)
  ed:wait_finding('best-effort')
  ed:go('SELECT id')
  ed:keys('ciwSELEKT<Esc>')
  equal(ed:wait_finding('syntax-error').marks, 'SELEKT', 'what is marked')
  ed:keys('u')
  ed:wait_without('syntax-error')
  ed:wait_finding('best-effort')
  ed:keys('<C-r>')
  ed:wait_finding('syntax-error')
end)

case('typing: a quote that is still open, in each place', function(editor)
  for _, encoding in ipairs(ENCODINGS) do
    local ed = script(editor, CLEAN, { encodings = { encoding } })
    ed:wait_finding('best-effort')
    for _, quote in ipairs({ '`', "'", '/*', '${' }) do
      for _, place in ipairs({ 'CREATE TABLE clicks', 'id BIGINT', 'INSERT INTO', 'FROM clicks' }) do
        ed:go(place)
        ed:keys('i' .. quote .. '<Esc>')
        ed:wait('open quote', function()
          return ed:text():find(quote .. place, 1, true)
        end)
        for _, method in ipairs({ 'semanticTokens/full', 'documentSymbol', 'foldingRange' }) do
          ed:ask('textDocument/' .. method)
        end
        ed:ask('textDocument/hover', true)
        ed:ask('textDocument/completion', true)
        ed:keys('u')
        ed:wait_text(CLEAN)
      end
    end
    ed:wait_finding('best-effort')
    equal(ed:findings('syntax-error'), {}, 'what is left of them')
  end
end)

-- Configuration --------------------------------------------------------------------------------------------------------

local QUIET = '[lint]\nignore = ["unknown-connector-option"]\n'

case('tidegate.toml: written in Neovim, taken up at once', function(editor)
  local ed = script(editor, OPTION, { files = { ['tidegate.toml'] = '' } })
  ed:wait_finding('unknown-connector-option')
  ed:lua([[vim.cmd('split ' .. ... .. '/tidegate.toml')]], ed.folder)
  ed:lua([[
    vim.api.nvim_buf_set_lines(0, 0, -1, true, vim.split(vim.trim(...), '\n'))
    vim.cmd('write')
    vim.cmd('close')
  ]], QUIET)
  ed:wait_without('unknown-connector-option')
end)

case('tidegate.toml: written by another program, taken up with the focus', function(editor)
  local ed = script(editor, OPTION, { files = { ['tidegate.toml'] = '' } })
  ed:wait_finding('unknown-connector-option')
  h.write(ed.folder .. '/tidegate.toml', QUIET)
  ed:call('nvim_ui_set_focus', true)
  ed:wait_without('unknown-connector-option')
  h.write(ed.folder .. '/tidegate.toml', '')
  ed:call('nvim_ui_set_focus', true)
  ed:wait_finding('unknown-connector-option')
end)

case('tidegate.toml: written by another program, watched', function(editor)
  local ed = editor({ files = { ['tidegate.toml'] = '', ['job.flink.sql'] = OPTION } })
  ed:lua(readme('watch'))
  ed:open('job.flink.sql')
  ed:attached()
  ed:wait_finding('unknown-connector-option')
  h.write(ed.folder .. '/tidegate.toml', QUIET)
  ed:wait_without('unknown-connector-option')
end)

case('tidegate.toml: each folder has its own', function(editor)
  local ed = editor({
    files = {
      ['loud/tidegate.toml'] = '',
      ['loud/a.sql'] = OPTION,
      ['quiet/tidegate.toml'] = QUIET,
      ['quiet/a.sql'] = OPTION:gsub('out_t', 'value'),
    },
    open = 'loud/a.sql',
  })
  ed:attached()
  ed:wait_finding('unknown-connector-option')
  ed:open('quiet/a.sql')
  ed:attached()
  ed:wait_finding('reserved-identifier')
  equal(ed:findings('unknown-connector-option'), {}, 'findings of the quiet folder')
end)

case('catalog: DDL that another program writes is taken up with the focus', function(editor)
  local cut = CLEAN:find('CREATE TABLE out_t', 1, true)
  local ddl, job = CLEAN:sub(1, cut - 1), CLEAN:sub(cut)
  local ed = editor({
    files = { ['tidegate.toml'] = 'catalog = ["ddl/*.sql"]\n', ['ddl/clicks.sql'] = ddl, ['job.flink.sql'] = job },
    open = 'job.flink.sql',
  })
  ed:attached()
  ed:lua('vim.cmd.TidegateRewritten()')
  ed:wait_screen('the rewritten script', 'out_t__gate')
  h.write(ed.folder .. '/ddl/clicks.sql', replaced(ddl, 'TABLE clicks', 'TABLE other'))
  ed:call('nvim_ui_set_focus', true)
  ed:wait('preview that says what is missing', function()
    return not ed:screen():find('out_t__gate', 1, true)
  end)
end)

case('catalog: DDL of other files is known, and followed', function(editor)
  local cut = CLEAN:find('CREATE TABLE out_t', 1, true)
  local ddl, job = CLEAN:sub(1, cut - 1), CLEAN:sub(cut)
  local ed = editor({
    files = { ['tidegate.toml'] = 'catalog = ["ddl/*.sql"]\n', ['ddl/clicks.sql'] = ddl, ['job.flink.sql'] = job },
    open = 'job.flink.sql',
  })
  ed:attached()
  ed:lua('vim.cmd.TidegateRewritten()')
  ed:wait_screen('the rewritten script', 'out_t__gate')
  ed:go('clicks', 1)
  local hover = vim.inspect(ed:ask('textDocument/hover', true))
  holds(hover:find('ts', 1, true), 'the hover of a table of the catalog has no columns: ' .. hover)
  -- The table gets another name there: the job reads one that does not exist.
  ed:lua([[vim.cmd('split ' .. ... .. '/ddl/clicks.sql')]], ed.folder)
  ed:lua([[
    vim.cmd('%s/TABLE clicks/TABLE other/')
    vim.cmd('write')
    vim.cmd('close')
  ]])
  ed:wait('preview that says what is missing', function()
    return not ed:screen():find('out_t__gate', 1, true)
  end)
end)

-- Questions ------------------------------------------------------------------------------------------------------------

case('hover: type and event time, with K', function(editor)
  local ed = script(editor, replaced(CLEAN, 'SELECT id', 'SELECT id /* 🙂 */, ts', '(id BIGINT)', '(id BIGINT, t TIMESTAMP(3))'))
  ed:go('🙂 */, ts', #'🙂 */, ')
  ed:keys('K')
  local text = ed:wait('hover window', function()
    return ed:lua([[
      for _, win in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(win).relative ~= '' then
          return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(win), 0, -1, true), '\n')
        end
      end
    ]])
  end)
  holds(text:find('TIMESTAMP(3)', 1, true) and text:lower():find('rowtime', 1, true), 'the hover says: ' .. text)
end)

case('hover: a function, and nothing where there is nothing', function(editor)
  local ed = script(editor, replaced(CLEAN, 'SELECT id', 'SELECT ABS(id)'))
  ed:go('ABS', 1)
  local hover = vim.inspect(ed:ask('textDocument/hover', true))
  holds(hover:find('ABS', 1, true), 'the hover of a function says: ' .. hover)
  ed:go('-- é 表 🙂', #'-- é ')
  equal(ed:ask('textDocument/hover', true), nil, 'the hover of a comment')
end)

case('completion: columns behind a qualifier and tables behind FROM, with keys', function(editor)
  for _, encoding in ipairs(ENCODINGS) do
    local ed = script(editor, CLEAN, { encodings = { encoding } })
    ed:go('SELECT id')
    ed:keys("C SELECT '🙂表', c.  FROM clicks AS c;<Esc>")
    ed:wait('end of typing', function()
      return ed:text():find('FROM clicks AS c;', 1, true)
    end)
    ed:go('c.  FROM', 1)
    ed:keys('a<C-x><C-o>')
    local words = ed:wait('offered words', function()
      return ed:lua([[
        local info = vim.fn.complete_info({ 'pum_visible', 'items' })
        return info.pum_visible == 1 and vim.tbl_map(function(item) return item.word end, info.items)
      ]])
    end)
    table.sort(words)
    equal(words, { 'id', 'ts' }, 'words behind `c.`')
    -- The second one is taken: the text behind it and before it stays.
    ed:keys('<C-e>ts<Esc>')
    ed:wait('taken word', function()
      return ed:text():find("SELECT '🙂表', c.ts  FROM clicks AS c;", 1, true)
    end)
    ed:keys("oSELECT '🙂表', 1 FROM cli<C-x><C-o>")
    -- With a single word there is no menu: it is taken.
    ed:wait('clicks behind FROM', function()
      return ed:text():find("SELECT '🙂表', 1 FROM clicks", 1, true)
    end)
  end
end)

case('completion: options of the connector', function(editor)
  local ed = script(editor, OPTION)
  ed:go("'row-per-second'", #"'row")
  local answer = ed:ask('textDocument/completion', true)
  local found = false
  for _, item in ipairs(answer.items or answer) do
    found = found or vim.inspect(item):find('rows-per-second', 1, true) ~= nil
  end
  holds(found, 'rows-per-second is not offered')
end)

case('rename: a table, everywhere, with names that need quotes', function(editor)
  for _, encoding in ipairs(ENCODINGS) do
    local ed = script(editor, replaced(CLEAN, 'SELECT id', 'SELECT /* 🙂表 */ clicks.id'), { encodings = { encoding } })
    local before = ed:text()
    ed:go('FROM clicks', #'FROM c')
    ed:lua([[vim.lsp.buf.rename('events')]])
    local wanted = before:gsub('clicks', 'events')
    ed:wait_text(wanted)
    ed:go('FROM events', #'FROM e')
    ed:lua([[vim.lsp.buf.rename('表🙂')]])
    ed:wait_text((wanted:gsub('events', '`表🙂`')))
    ed:keys('u')
    ed:wait_text(wanted)
  end
end)

case('definition and references of a table', function(editor)
  local ed = script(editor, CLEAN)
  ed:go('FROM clicks', #'FROM c')
  ed:keys('<C-]>')
  ed:wait('cursor at the definition', function()
    return vim.deep_equal(ed:lua('return vim.api.nvim_win_get_cursor(0)'), { 2, #'CREATE TABLE ' })
  end)
  local places = ed:ask('textDocument/references', true, { context = { includeDeclaration = true } })
  local rows = vim.tbl_map(function(place)
    return place.range.start.line
  end, places)
  table.sort(rows)
  equal(rows, { 1, 8 }, 'lines of the references')
end)

case('symbols, folds, selection and colours', function(editor)
  local ed = script(editor, CLEAN)
  local symbols = vim.inspect(ed:ask('textDocument/documentSymbol'))
  holds(symbols:find('clicks', 1, true) and symbols:find('out_t', 1, true), 'symbols: ' .. symbols)
  local folds = ed:ask('textDocument/foldingRange')
  holds(#folds > 0 and folds[1].startLine < folds[1].endLine, 'folds: ' .. vim.inspect(folds))
  ed:go('id BIGINT COMMENT', 1)
  local at = ed:lua([[
    local client = vim.lsp.get_clients({ bufnr = 0 })[1]
    return vim.lsp.util.make_position_params(0, client.offset_encoding).position
  ]])
  local selection = ed:ask('textDocument/selectionRange', false, { positions = { at } })
  holds(selection[1].parent, 'the selection does not grow: ' .. vim.inspect(selection))
  ed:wait('colours from the server', function()
    return ed:lua('return #(vim.lsp.semantic_tokens.get_at_pos(0, 1, 1) or {}) > 0')
  end)
end)

case('hints: the event time, on the screen', function(editor)
  local ed = editor({ files = { ['job.flink.sql'] = CLEAN } })
  ed:lua(readme('hints'))
  ed:open('job.flink.sql')
  ed:attached()
  -- The word is in no line of the script.
  ed:wait_screen('hint', 'rowtime')
  equal(ed:text():find('rowtime', 1, true), nil, 'hints in the text')
end)

-- The rewritten script ---------------------------------------------------------------------------------------------------

-- The buffer of the preview, or nil.
local function preview(ed)
  return ed:lua([[
    for _, buf in ipairs(vim.api.nvim_list_bufs()) do
      if vim.api.nvim_buf_get_name(buf):find('tidegate-rewritten:', 1, true) then return buf end
    end
  ]])
end

local function wait_preview(ed, what, ask)
  return ed:wait(what .. ' in the rewritten script', function()
    local buf = preview(ed)
    return buf and ask(ed:text(buf))
  end)
end

-- The rewritten form of what is in the buffer, as the command line gives it.
local function rewritten(ed)
  h.write(ed.folder .. '/copy.flink.sql', ed:text())
  local text, code = h.run(ed.folder, { 'rewrite', 'copy.flink.sql' })
  equal(code, 0, 'exit code of `tidegate rewrite`')
  return text
end

case('rewritten script: that of the command line, and it follows what is typed', function(editor)
  for _, encoding in ipairs(ENCODINGS) do
    local ed = script(editor, CLEAN, { encodings = { encoding } })
    ed:lua('vim.cmd.TidegateRewritten()')
    wait_preview(ed, 'text', function(text)
      return text == rewritten(ed)
    end)
    local buf = preview(ed)
    equal(
      ed:lua('local bo = vim.bo[...] return { bo.modifiable, bo.buftype, bo.filetype, bo.modified }', buf),
      { false, 'nofile', 'sql.flink', false },
      'modifiable, buftype, filetype, modified'
    )
    equal(ed:lua('return vim.api.nvim_buf_get_name(0):find("job.flink.sql$") ~= nil'), true, 'the script stays current')
    -- Within insert mode, nothing saved.
    ed:go('SELECT id')
    ed:keys('wi/* é表🙂 */ ')
    wait_preview(ed, 'comment', function(text)
      return text:find('/* é表🙂 */ id', 1, true) and text == rewritten(ed)
    end)
    equal(ed:lua('return vim.fn.mode()'), 'i', 'mode')
    ed:keys('<Esc>')
    -- And no more than one preview, however often it is asked for.
    ed:lua('vim.cmd.TidegateRewritten() vim.cmd.TidegateRewritten()')
    equal(ed:lua('return #vim.api.nvim_list_wins()'), 2, 'windows')
    equal(h.read(ed.folder .. '/job.flink.sql'), CLEAN, 'the file')
  end
end)

case('rewritten script: says why there is none, and comes back', function(editor)
  local ed = script(editor, CLEAN)
  ed:lua('vim.cmd.TidegateRewritten()')
  wait_preview(ed, 'gate', function(text)
    return text:find('out_t__gate', 1, true)
  end)
  ed:go('FROM clicks')
  ed:keys('wciwnowhere<Esc>')
  local said = wait_preview(ed, 'reason', function(text)
    return text:match('^%-%- [^\n]+\n$')
  end)
  holds(#said > 8, 'the reason is: ' .. said)
  ed:keys('u')
  wait_preview(ed, 'gate', function(text)
    return text:find('out_t__gate', 1, true)
  end)
  -- Closed and opened again.
  ed:lua([[vim.cmd.wincmd('l') vim.cmd.close()]])
  ed:wait('end of the preview', function()
    return not preview(ed)
  end)
  ed:keys('ix<Esc>u')
  ed:lua('vim.cmd.TidegateRewritten()')
  wait_preview(ed, 'gate', function(text)
    return text:find('out_t__gate', 1, true)
  end)
  -- It goes with its script.
  ed:lua([[vim.cmd('bwipeout! ' .. vim.api.nvim_get_current_buf())]])
  ed:wait('end of the preview', function()
    return not preview(ed)
  end)
end)

case('rewritten script: from a buffer without a server', function(editor)
  local ed = editor({ files = { ['q.sql'] = CLEAN }, open = 'q.sql' })
  ed:lua('vim.cmd.TidegateRewritten() vim.cmd.TidegateDiff()')
  equal(#ed:lua('return said'), 2, 'messages')
  equal(preview(ed), nil, 'preview')
end)

case('diff: with the script, and over when it is closed', function(editor)
  local ed = script(editor, CLEAN)
  ed:lua('vim.cmd.TidegateDiff()')
  wait_preview(ed, 'gate', function(text)
    return text:find('out_t__gate', 1, true)
  end)
  local function diffs()
    return ed:lua('return vim.tbl_map(function(win) return vim.wo[win].diff end, vim.api.nvim_list_wins())')
  end
  equal(diffs(), { true, true }, 'windows in diff mode')
  ed:wait('differing line of the script', function()
    return ed:lua([[
      vim.cmd('redraw')
      return vim.fn.diff_hlID(9, 1) ~= 0 and vim.fn.diff_hlID(2, 1) == 0
    ]])
  end)
  ed:lua([[vim.cmd.wincmd('l') vim.cmd.close()]])
  ed:wait('end of the diff', function()
    return vim.deep_equal(diffs(), { false })
  end)
end)

case('lens: on the screen, and it opens script and diff', function(editor)
  for _, wanted in ipairs({ 'show rewritten', 'diff' }) do
    local ed = script(editor, CLEAN)
    ed:wait_screen('lens', '1 gate')
    equal(ed:text(), CLEAN, 'the text')
    ed:lua([[
      local words = ...
      vim.ui.select = function(items, options, choose)
        for _, item in ipairs(items) do
          if options.format_item(item):find(words, 1, true) then return choose(item) end
        end
        choose(nil)
      end
      vim.api.nvim_win_set_cursor(0, { 1, 0 })
      vim.lsp.codelens.run()
    ]], wanted)
    wait_preview(ed, 'gate', function(text)
      return text:find('out_t__gate', 1, true)
    end)
    local in_diff = ed:lua('return vim.wo.diff')
    equal(in_diff, wanted == 'diff', 'diff mode behind the lens ' .. wanted)
  end
end)

case('lens: follows what is typed', function(editor)
  local ed = script(editor, CLEAN)
  ed:wait_screen('lens', '1 gate')
  ed:keys('GoINSERT INTO out_t SELECT id FROM clicks;<Esc>')
  ed:wait_screen('lens', '2 gates')
  ed:keys('u')
  ed:wait_screen('lens', '1 gate')
end)

case('lens: hidden where one wants it so', function(editor)
  local ed = editor({ files = { ['job.flink.sql'] = CLEAN } })
  ed:lua('vim.g.tidegate_code_lens = false')
  ed:open('job.flink.sql')
  ed:attached()
  ed:ask('textDocument/codeLens')
  equal(ed:lua('return #vim.lsp.codelens.get(0)'), 0, 'lenses')
end)

case('status: for a status line', function(editor)
  local ed = script(editor, CLEAN)
  ed:wait('status', function()
    local status = ed:lua('return vim.b.tidegate')
    return status and status:find('1 gate', 1, true)
  end)
end)

case('server: leaves with Neovim', function(editor)
  local ed = script(editor, CLEAN)
  ed:ask('textDocument/documentSymbol')
  local pid = ed:lua([[
    local pids = vim.api.nvim_get_proc_children(vim.fn.getpid())
    return pids[1]
  ]])
  holds(pid, 'the server is no child of Neovim')
  -- No question, since there is nobody to answer it.
  vim.rpcnotify(ed.channel, 'nvim_command', 'qall!')
  holds(vim.wait(h.patience, function()
    return vim.uv.kill(pid, 0) ~= 0
  end, 20), 'the server is still there')
end)

return cases
