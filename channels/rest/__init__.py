"""The REST channel: for programs on this machine while developing; production starts without it."""
