"""What people see: the command line, reports and pages. A face parses, calls one function of the desk, and shows."""
