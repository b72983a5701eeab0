"""What people see: the command line, reports and pages. A face parses, calls one function of the api, and shows."""
