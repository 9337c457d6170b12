"""Whatever bytes come from outside: there is a value or an `archive.errors.Error`, in bounded time and memory."""
