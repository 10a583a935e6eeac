"""From tables to numbers: KPIs as measures and formulas."""
