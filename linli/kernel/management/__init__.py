"""Commands of the kernel for developers."""
