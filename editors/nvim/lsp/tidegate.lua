-- What `vim.lsp.enable('tidegate')` starts, from Neovim 0.11 on.
return require('tidegate').config()
