"""What a recipe can speak of: roles, columns, files, numbers, days, currencies, shapes. Imports none of the steps."""
