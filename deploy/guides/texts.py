"""The guides' own words: plain Indonesian, one thing at a time."""

from __future__ import annotations

from deploy.guides.parts import Bubble, Guide, Shot, Step

RESIDENT = Guide(
    "warga",
    "Mengurus surat dari HP",
    "Gratis. Paling lama tiga hari kerja. Tidak perlu antre.",
    (
        Step(
            "Mulai",
            "Arahkan kamera HP ke kode QR di papan kelurahan, lalu kirim pesan yang sudah tertulis. "
            "Atau kirim *halo* ke nomor WhatsApp kelurahan.",
        ),
        Step(
            "Jawab pertanyaan satu per satu",
            "Cukup balas dengan angkanya.",
            Bubble("talk_whom", (1,), "1"),
        ),
        Step(
            "Kirim foto berkas",
            "Di tempat terang, seluruh kertas terlihat. Boleh satu per satu.",
            Bubble("talk_document", answer="(foto Kartu Keluarga)"),
        ),
        Step(
            "Periksa, lalu kirim",
            "Baca sekali lagi. Sesudah itu Anda mendapat kode lacak dan tanggal selesai.",
            Bubble("talk_summary", answer="1"),
        ),
        Step(
            "Tunggu kabar",
            "Kami kirim pesan bila ada yang perlu diperbaiki, dan bila surat siap. Untuk bertanya, kirim *status*.",
            Bubble("letters_ready_digital", (0, 1)),
        ),
    ),
    (
        "Kirim *bantuan* bila ingin bicara dengan petugas. Kirim *batal* bila tidak jadi.",
        "Kesulitan dengan HP? Keluarga, tetangga atau ketua RT boleh membantu. Petugas di loket juga.",
        "Jangan beri kode rahasia kepada siapa pun, juga bila ia mengaku petugas.",
    ),
)

RT_HEAD = Guide(
    "ketua-rt",
    "Ketua RT: menjawab dari HP",
    "Semua lewat WhatsApp. Tidak ada aplikasi, tidak ada kata sandi.",
    (
        Step(
            "Warga meminta surat pengantar",
            "Kenal orangnya? Balas *1*. Bukan warga Bapak/Ibu? Balas *tolak* dan alasannya.",
            Bubble("introduction_request", (0, 1, 2), "1"),
        ),
        Step(
            "Kelurahan menanyakan berkas",
            "Buka tautannya, lihat fotonya, lalu balas dengan angkanya.",
            Bubble("attestation_request", (3,), "1"),
        ),
        Step(
            "Warga menunjukkan berkas asli",
            "Bila Bapak/Ibu memilih *Bawa asli* dan sudah melihatnya, balas: *sudah lihat*.",
        ),
        Step(
            "Warga datang ke rumah",
            "Tulis *pengantar*, lalu jawab pertanyaannya: nama, nomor HP dan keperluan. Warga meneruskan sendiri.",
        ),
        Step(
            "Bepergian",
            "Tulis *cuti sampai Senin*. Yang mewakili ditanya selama itu. Sudah pulang? Tulis *kembali*.",
        ),
    ),
    (
        "Lupa yang mana? Tulis *tugas* untuk melihat yang menunggu. Ingin mencoba dahulu? Tulis *latihan*.",
        "Mohon dijawab dalam satu hari kerja: waktu warga berjalan.",
        "Tautan hanya untuk Bapak/Ibu. Jangan diteruskan kepada orang lain.",
    ),
)

OFFICER = Guide(
    "petugas",
    "Petugas: satu hari kerja",
    "Tiga hari: terima, periksa, buat. Yang mendesak selalu di atas.",
    (
        Step(
            "Buka [Hari ini]",
            "Yang merah sudah lewat waktu. Kerjakan dari kiri ke kanan.",
            Shot("officer/today-1280", (0, 84, 690, 330), "Halaman Hari ini dengan angka yang menunggu"),
        ),
        Step(
            "Hari pertama: periksa kelengkapan",
            "Buka permohonan, lihat tiap foto, ketik data yang kosong. Lengkap: [Terima]. Ada yang kurang: "
            "[Kembalikan], "
            "centang berkasnya, tulis apa yang salah. Pemohon membaca tulisan Anda:",
            Bubble("returned", (0, 1)),
        ),
        Step(
            "Hari kedua: ketua RT memeriksa",
            "Sistem bertanya sendiri dan mengingatkan. Bila ragu atau tidak ada jawaban, permohonan kembali "
            "kepada Anda: "
            "pertimbangkan, lalu [Loloskan] atau [Kembalikan].",
        ),
        Step(
            "Hari ketiga: surat dibuat",
            "Draf menunggu lurah. Yang dikembalikan lurah ada di [Surat], dengan alasannya. Surat terbit: [Serah "
            "terima].",
        ),
        Step(
            "Warga datang ke loket",
            "[Loket: permohonan baru]: ketik NIK, foto berkasnya, selesai dalam dua menit.",
            Shot("officer/counter-1280", (0, 84, 960, 580), "Halaman loket dengan isian permohonan"),
        ),
    ),
    (
        "Pertanyaan warga ada di [Pesan warga]. Jawab hari itu juga.",
        "Buka hanya permohonan yang Anda kerjakan: setiap pembukaan tercatat dan dapat dilihat pemohon.",
        "Gratis. Jangan menerima uang atau hadiah.",
    ),
)

LURAH = Guide(
    "lurah",
    "Lurah: menandatangani dan mengawasi",
    "Baca, centang, tanda tangani: dari HP atau komputer.",
    (
        Step(
            "Setiap pagi ada pesan",
            "Isinya: berapa yang harus selesai hari ini, dan berapa yang menunggu tanda tangan.",
            Bubble("staff_opening", (0,)),
        ),
        Step(
            "Buka [Tanda tangan]",
            "Ketuk [Lihat draf] dan baca. Centang yang benar, lalu [Tanda tangani yang dicentang]. "
            "Nomor dan kode QR diberikan saat itu juga.",
            Shot("lurah/sign-1280", (200, 84, 760, 640), "Halaman Tanda tangan dengan draf surat"),
        ),
        Step(
            "Ada yang keliru?",
            "[Buka surat, atau kembalikan], tulis apa yang perlu diubah. Petugas memperbaiki; surat kembali "
            "kepada Anda.",
        ),
        Step(
            "Surat terlanjur terbit?",
            "Buka suratnya di [Surat], lalu [Batalkan surat] dengan alasan. Nomornya tetap tercatat; siapa pun yang "
            "memeriksa melihat bahwa surat itu batal.",
        ),
        Step(
            "Siapa yang terlambat?",
            "[Hari ini] memperlihatkan yang lewat waktu, [Laporan] berapa yang tepat waktu. Camat melihat angka "
            "yang sama.",
        ),
    ),
    (
        "Tidak di tempat? Minta administrator mencatat pelaksana harian di [Kantor].",
        "Kata sandi sertifikat tidak disimpan. Jangan menitipkannya kepada siapa pun.",
        "Layanan ini gratis. Gambar dan pengumumannya ada di [Lembar layanan].",
    ),
)

GUIDES = (RESIDENT, RT_HEAD, OFFICER, LURAH)
