"""Care in pregnancy: whom to call or write to, and a ready message when no visit can be had (R129-R135)."""
