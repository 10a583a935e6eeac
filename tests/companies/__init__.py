"""Small random companies for property tests: plain rows, full of what exports are full of.

Days are drawn from a short list around an anchor, so that ties, and bounds missed by a day, come up often.
"""

from tests.companies.company import as_ofs, companies, dates_of, moments, periods
from tests.companies.conversations import company_settings

__all__ = ["as_ofs", "companies", "company_settings", "dates_of", "moments", "periods"]
