"""Programs that others wrote call Korob unchanged, base URL aside."""
