"""One document of every kind, with made-up people as they are named in Palembang."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from documents.render.data import (
    Approval,
    Bundle,
    Business,
    BusinessPlaceLetter,
    Check,
    Document,
    EventRegistration,
    FamilyCardIntroduction,
    FamilyMember,
    IdentityCardIntroduction,
    Introduction,
    MarriageIntroduction,
    MarriageRequest,
    Neighbour,
    Office,
    Parent,
    Person,
    Reference,
    Register,
    RegisterLine,
    RegisterSeries,
    Row,
    Sheet,
    Signer,
    Statement,
)
from documents.render.marriage import CouplesConsent, DeathOfSpouse, Individual, MarriageStatement, ParentsPermission
from documents.render.registration import Area, Change, Changed, DataChange, FamilyBiodata, Member

DOCUMENT_DATE = datetime(2026, 8, 19, 10, 12, tzinfo=timezone(timedelta(hours=7)))
CHECK_URL = "https://layanan.example/periksa/7K3MQ9X2VZ5TB8RDW4HC"
AREA = "Kelurahan Bukit Sangkal, Kecamatan Kalidoni, Kota Palembang"
DISDUKCAPIL = "Dinas Kependudukan dan Pencatatan Sipil Kota Palembang"

OFFICE = Office(
    village="Kelurahan Bukit Sangkal",
    district="Kecamatan Kalidoni",
    city="Kota Palembang",
    address="Jalan Contoh Nomor 1, Bukit Sangkal, Palembang 30114, Sumatera Selatan",
    contact="Telepon (0711) 000000 · Pos-el kelurahan@layanan.example",
)

SIGNER = Signer(
    position="Lurah Bukit Sangkal",
    lines=("Lurah Bukit Sangkal,",),
    name="Hj. Nurlela Zainal, S.Sos., M.Si.",
    rank="Penata Tingkat I (III/d)",
    nip="197503122000032004",
)

ROHANA = Person(
    name="Rohana",
    nik="1671105503550001",
    family_card="1671101204080017",
    family_head="Rohana",
    birth_place="Palembang",
    birth_date="15 Maret 1955",
    age="71 tahun",
    sex="Perempuan",
    nationality="Indonesia",
    religion="Islam",
    marital_status="Cerai mati",
    education="SD/sederajat",
    occupation="Mengurus rumah tangga",
    address="Jalan Sukabangun Lorong Melati Nomor 12",
    rt="023",
    rw="005",
    area=AREA,
)

YUSUF = replace(
    ROHANA,
    name="M. Yusuf Effendi",
    nik="1671101708990003",
    family_card="1671102303100009",
    family_head="Effendi bin H. Cek Mat",
    birth_date="17 Agustus 1999",
    age="27 tahun",
    sex="Laki-laki",
    marital_status="Jejaka",
    education="SLTA/sederajat",
    occupation="Karyawan swasta",
    address="Jalan Residen Abdul Rozak Nomor 45",
    rt="049",
    rw="010",
)

REFERENCE = Reference(issuer="Ketua RT 023 RW 005", number="001/RT.023/RW.005/VIII/2026", date="14 Agustus 2026")
LURAH_APPROVAL = Approval(name=SIGNER.name, role=SIGNER.position, at="19 Agustus 2026 pukul 10.12 WIB")
ISSUED: dict[str, Any] = {
    "office": OFFICE,
    "place": "Palembang",
    "date": "19 Agustus 2026",
    "sample": True,
    "check": Check(url=CHECK_URL),
    "approval": LURAH_APPROVAL,
    "valid_until": "18 September 2026",
    "signer": SIGNER,
    "reference": REFERENCE,
}

INTRODUCTION = Introduction(
    office=OFFICE,
    person=ROHANA,
    place="Palembang",
    date="14 Agustus 2026",
    sample=True,
    number=REFERENCE.number,
    check=Check(url=CHECK_URL),
    approval=Approval(name="Marzuki HS", role="Ketua RT 023 RW 005", at="14 Agustus 2026 pukul 08.42 WIB"),
    valid_until="13 September 2026",
    rt="023",
    rw="005",
    purpose="Pengurusan Kartu Keluarga karena hilang",
    head="Marzuki HS",
    remarks="Warga lanjut usia, dibantu tetangga",
)

FAMILY_CARD = FamilyCardIntroduction(
    **ISSUED,
    person=ROHANA,
    number="400.12.2.1/123/KEL-BS/VIII/2026",
    destination=DISDUKCAPIL,
    reason="Kartu Keluarga hilang",
    old_family_card="1671101204080017",
    members=(
        FamilyMember(nik="1671105503550001", name="Rohana", relation="Kepala keluarga"),
        FamilyMember(nik="1671106002830002", name="Siti Maimunah binti H. Zainuddin", relation="Anak"),
        FamilyMember(nik="1671100911100004", name="Ahmad Fauzan", relation="Cucu"),
    ),
)

IDENTITY_CARD = IdentityCardIntroduction(
    **ISSUED,
    person=replace(YUSUF, marital_status="Belum kawin"),
    number="400.12.2.1/124/KEL-BS/VIII/2026",
    destination=DISDUKCAPIL,
    reason="KTP-el rusak",
)

MARRIAGE = MarriageIntroduction(
    **ISSUED,
    person=YUSUF,
    number="400.12.3.2/010/KEL-BS/VIII/2026",
    lineage="Effendi",
    father=Parent(
        name="Effendi bin H. Cek Mat",
        nik="1671100505700002",
        birth_place="Palembang",
        birth_date="5 Mei 1970",
        nationality="Indonesia",
        religion="Islam",
        occupation="Wiraswasta",
        address=f"Jalan Residen Abdul Rozak Nomor 45, RT 049 RW 010, {AREA}",
    ),
    mother=Parent(
        name="Nur'aini",
        nik="1671104808740001",
        birth_place="Ogan Ilir",
        birth_date="8 Agustus 1974",
        nationality="Indonesia",
        religion="Islam",
        occupation="Mengurus rumah tangga",
        address=f"Jalan Residen Abdul Rozak Nomor 45, RT 049 RW 010, {AREA}",
    ),
)

BUSINESS_PLACE = BusinessPlaceLetter(
    **ISSUED,
    person=replace(ROHANA, name="Nur'aini", nik="1671104808740001", birth_date="8 Agustus 1974", age="52 tahun"),
    number="500.2.2.4/007/KEL-BS/VIII/2026",
    business=Business(
        name="Nur'aini & Co <i>",
        type="Warung makan dan kue khas Palembang",
        address="Jalan Sukabangun Nomor 88",
        rt="023",
        rw="005",
        tenure="Milik sendiri",
        area="36 m²",
        since="2019",
        employees="2 orang",
        responsible="Nur'aini",
    ),
    neighbours=tuple(
        Neighbour(position=position, name=name, address=address, statement="Tidak keberatan", date="18 Agustus 2026")
        for position, name, address in (
            ("Depan", "Cek Mat", "Jalan Sukabangun Nomor 87"),
            ("Belakang", "Siti Maimunah binti H. Zainuddin", "Lorong Melati Nomor 3"),
            ("Kiri", "Hendra Kurniawan", "Jalan Sukabangun Nomor 86"),
            ("Kanan", "Yulianti", "Jalan Sukabangun Nomor 90"),
        )
    ),
)

EVENT_REGISTRATION = EventRegistration(
    office=OFFICE,
    person=ROHANA,
    place="Palembang",
    date="19 Agustus 2026",
    sample=True,
    requests=("kk.lost",),
    attachments=("police", "loss_statement"),
    phone="0812-0000-0071",
)

MARRIAGE_REQUEST = MarriageRequest(
    office=OFFICE,
    person=YUSUF,
    place="Palembang",
    date="19 Agustus 2026",
    sample=True,
    recipient="Kepala KUA Kecamatan Kalidoni",
    groom="M. Yusuf Effendi bin Effendi",
    bride="Dewi Kartika binti Ruslan",
    day="Sabtu, 5 September 2026",
    time="09.00 WIB",
    venue="KUA Kecamatan Kalidoni",
    attachments=(
        "Surat pengantar nikah dari kelurahan (N1)",
        "Persetujuan calon pengantin (N4)",
        "Fotokopi KTP-el",
        "Fotokopi akta kelahiran",
        "Fotokopi Kartu Keluarga",
        "Pas foto 2 × 3 dan 4 × 6 berlatar belakang biru",
    ),
)

GROOM = Individual(
    name=YUSUF.name,
    lineage="Effendi",
    binding="Bin",
    nik=YUSUF.nik,
    birth_place="Palembang",
    birth_date=YUSUF.birth_date,
    nationality="Indonesia",
    religion="Islam",
    occupation=YUSUF.occupation,
    address=MARRIAGE.father.address,
)
BRIDE = replace(
    GROOM,
    name="Dewi Kartika",
    lineage="Ruslan",
    binding="Binti",
    nik="1671065204020002",
    birth_date="12 April 2002",
    occupation="",
    address="Jalan Contoh Nomor 7, Kelurahan Kalidoni, Kecamatan Kalidoni, Kota Palembang",
)
FATHER, MOTHER = (
    replace(
        GROOM,
        **{name: getattr(parent, name) for name in ("name", "nik", "birth_place", "birth_date", "occupation")},
        lineage=lineage,
        binding=binding,
    )
    for parent, lineage, binding in ((MARRIAGE.father, "H. Cek Mat", "Bin"), (MARRIAGE.mother, "", "Binti"))
)

DEATH_OF_SPOUSE = DeathOfSpouse(
    **ISSUED,
    person=ROHANA,
    number="400.12.3.2/011/KEL-BS/VIII/2026",
    role="suami",
    deceased=replace(FATHER, name="Zainuddin", lineage="H. Umar", nik="1671100101500001", birth_date="1 Januari 1950"),
    died_on="2 Februari 2021",
    died_at="RSUP Contoh, Palembang",
    survivor=replace(MOTHER, name=ROHANA.name, lineage="H. Cek Mat", nik=ROHANA.nik, birth_date=ROHANA.birth_date),
)

MARRIAGE_STATEMENT = MarriageStatement(
    **ISSUED,
    person=replace(YUSUF, name="Yohanes Setiawan", religion="Katolik", marital_status="Belum kawin"),
    number="400.12.3.2/012/KEL-BS/VIII/2026",
    destination=DISDUKCAPIL,
    father="Antonius Setiawan",
    mother="Maria Lestari",
    partner=replace(BRIDE, name="Agnes Kartika", religion="Katolik", birth_date="12 April 2008"),
    day="Sabtu, 5 September 2026",
    venue="Gereja Contoh, Palembang",
    dispensation=True,
)

FORM: dict[str, Any] = {"office": OFFICE, "place": "Palembang", "sample": True}
COUPLES_CONSENT = CouplesConsent(**FORM, person=YUSUF, groom=GROOM, bride=BRIDE)
PARENTS_PERMISSION = ParentsPermission(**FORM, person=YUSUF, father=FATHER, mother=MOTHER, child=GROOM, partner=BRIDE)

FAMILY_BIODATA = FamilyBiodata(
    **FORM,
    person=ROHANA,
    head="Rohana",
    postal_code="30114",
    phone="081200000071",
    areas=(
        Area(kind="Provinsi", code="16", name="Sumatera Selatan"),
        Area(kind="Kabupaten/Kota", code="71", name="Palembang"),
        Area(kind="Kecamatan", code="10", name="Kalidoni"),
        Area(kind="Kelurahan", code="1001", name="Bukit Sangkal"),
    ),
    members=(
        Member(
            name="Rohana",
            nik="1671105503550001",
            sex="Perempuan",
            birth_place="Palembang",
            birth_date="15 Maret 1955",
            nationality="Indonesia",
            religion="Islam",
            marital_status="Cerai mati",
            relation="Kepala keluarga",
            education="SD/sederajat",
            occupation="Mengurus rumah tangga",
            father_name="H. Cek Mat",
            mother_name="Nur'aini",
        ),
        Member(name="Ahmad Fauzan", nik="1671100911100004", relation="Cucu", birth_certificate="1671-LT-01022011-0031"),
    ),
)
DATA_CHANGE = DataChange(
    **FORM,
    person=ROHANA,
    people=(
        Changed(name="Ahmad Fauzan", nik="1671100911100004", relation="Cucu"),
        Changed(name=ROHANA.name, nik=ROHANA.nik),
    ),
    changes=(
        Change(number="1", element="Pendidikan", before="SD/sederajat", after="SLTP/sederajat", basis="Ijazah SMP"),
        Change(number="2", element="Pekerjaan", before="Wiraswasta", after="Mengurus rumah tangga"),
    ),
)

STATEMENT = Statement(
    **ISSUED,
    person=ROHANA,
    number="400.12.3.1/009/KEL-BS/VIII/2026",
    title="Surat Keterangan Kematian",
    about=(Row(label="Nama almarhum/almarhumah", value="H. Cek Mat bin Zainuddin"), Row(label="NIK", value="")),
    text=("telah meninggal dunia pada tanggal 17 Agustus 2026, di rumah, karena sakit.",),
    rows=(Row(label="Tempat pemakaman", value="TPU Contoh"),),
)

BUNDLE = Bundle(
    office=OFFICE,
    person=ROHANA,
    place="Palembang",
    sample=True,
    service="Pengantar Kartu Keluarga",
    agenda="0014/2026",
    tracking_code="PGT-7K3M9-XW2RB",
    printed_at="19 Agustus 2026 pukul 10.12 WIB",
    checklist=(
        Sheet(name="Surat pengantar RT", state="Nomor 001/RT.023/RW.005/VIII/2026"),
        Sheet(name="Kartu Keluarga lama", state="Ada", pages="2–3"),
        Sheet(name="Surat kehilangan", state="Tidak ada di berkas"),
    ),
    contents=(Sheet(name="Surat Pengantar Kartu Keluarga", state="400.12.2.1/001/KEL-BS/VIII/2026", pages="4"),),
)

REGISTER = Register(
    office=OFFICE,
    person=Person(name="", nik=""),
    place="Palembang",
    sample=True,
    year="2026",
    period="Bulan Agustus 2026",
    printed_at="31 Agustus 2026 pukul 15.40 WIB",
    series=(
        RegisterSeries(
            name="Seri kantor",
            notes=("Nomor 1–122 pada buku kertas (ditetapkan lurah-1, 3 Agustus 2026 pukul 08.00 WIB)",),
            lines=(
                RegisterLine(
                    n="123",
                    date="19-08-2026",
                    number="400.12.2.1/123/KEL-BS/VIII/2026",
                    addressee="Rohana",
                    subject="Surat Pengantar Kartu Keluarga",
                    state="BATAL 20 Agustus 2026 pukul 09.30 WIB oleh lurah-1: Salah nama ayah",
                    void=True,
                ),
                RegisterLine(
                    n="124",
                    date="19-08-2026",
                    number="005/124/KEL-BS/VIII/2026",
                    addressee="Ketua RT 023 RW 005",
                    subject="Surat undangan: Rapat kebersihan",
                    state="Dibuat di luar sistem",
                ),
            ),
        ),
    ),
)

SAMPLES: dict[str, Document] = {
    document.kind: document
    for document in (
        INTRODUCTION,
        FAMILY_CARD,
        IDENTITY_CARD,
        MARRIAGE,
        BUSINESS_PLACE,
        STATEMENT,
        BUNDLE,
        EVENT_REGISTRATION,
        MARRIAGE_REQUEST,
        REGISTER,
        DEATH_OF_SPOUSE,
        MARRIAGE_STATEMENT,
        FAMILY_BIODATA,
        DATA_CHANGE,
        COUPLES_CONSENT,
        PARENTS_PERMISSION,
    )
}
