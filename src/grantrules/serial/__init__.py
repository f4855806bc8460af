"""Files in, files out: applications, assessments and decisions as JSON, and the JSON Schemas that describe them."""
