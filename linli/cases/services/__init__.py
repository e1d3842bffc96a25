"""Every change of a case, by story: intake, desk, handling, closing, clocks, bulk, setup."""
