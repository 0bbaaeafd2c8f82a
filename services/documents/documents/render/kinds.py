"""Every kind of document that there is a layout for, with the data it is filled from."""

from documents.render import data, marriage, registration
from documents.render.data import Document

KINDS: dict[str, type[Document]] = {
    document.kind: document
    for document in (
        data.Introduction,
        data.FamilyCardIntroduction,
        data.IdentityCardIntroduction,
        data.MarriageIntroduction,
        marriage.DeathOfSpouse,
        marriage.MarriageStatement,
        data.BusinessPlaceLetter,
        data.Statement,
        data.EventRegistration,
        registration.FamilyBiodata,
        registration.DataChange,
        data.MarriageRequest,
        marriage.CouplesConsent,
        marriage.ParentsPermission,
        data.Bundle,
        data.Register,
    )
}
