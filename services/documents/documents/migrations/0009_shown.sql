-- When the applicant was told what will be printed; once per case, whatever is drafted again.
ALTER TABLE application ADD COLUMN shown_at timestamptz;
