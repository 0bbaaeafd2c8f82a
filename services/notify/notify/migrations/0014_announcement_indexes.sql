CREATE INDEX message_announcement ON message (announcement_id, status) WHERE announcement_id IS NOT NULL;
CREATE INDEX officeholder_place ON officeholder (kelurahan, rw, rt);
CREATE INDEX contact_consent_announcements ON contact_consent (kelurahan, contact_id, id)
    WHERE medium = 'announcements' AND contact_id IS NOT NULL;
