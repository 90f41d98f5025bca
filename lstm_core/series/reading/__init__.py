"""From bytes to a table: kind of file, encoding, dialect, numbers; costly files in a process of their own."""
