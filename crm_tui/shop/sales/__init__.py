"""What was sold: till, payments, drawer, debts, returns, receipts."""
