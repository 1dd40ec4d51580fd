"""Files for the doctor: which consultation, a description, the file, the list, deleting (R77-R90)."""
