-- The office's queue by whose turn it is, and by RT: a page of it costs the same however many cases are stored, and
-- however few of them it shows. The turn is as `store.applications` asks for it, word by word, or the index is not used.
CREATE INDEX application_turn ON application (kelurahan, (CASE status
    WHEN 'draft' THEN CASE WHEN introduction <> 'requested' THEN 'applicant'
        WHEN introduction_note = 'no_answer' THEN 'officer' ELSE 'rt_head' END
    WHEN 'returned' THEN 'applicant'
    WHEN 'received' THEN CASE verification WHEN 'failed' THEN 'officer' WHEN 'witnesses' THEN 'witness'
        ELSE 'rt_head' END
    WHEN 'verified' THEN CASE WHEN sent_back_reason IS NULL THEN 'lurah' ELSE 'officer' END
    WHEN 'submitted' THEN 'officer' WHEN 'issued' THEN 'officer' END), due_at, id)
    WHERE status IN ('draft', 'submitted', 'returned', 'received', 'verified', 'issued');
CREATE INDEX application_place ON application (kelurahan, rt, due_at, id)
    WHERE status IN ('submitted', 'received', 'verified', 'issued');
