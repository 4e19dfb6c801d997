"""The catalogue's tables, migration by migration.

The view ``sounds`` has what filters ask about: the files that can be used.
"""

from __future__ import annotations

FIRST_TABLES = (
    """
    CREATE TABLE roots (
        path BLOB PRIMARY KEY,
        prefix BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE bundles (
        id INTEGER PRIMARY KEY,
        identity TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE contents (
        hash BLOB PRIMARY KEY,
        format TEXT NOT NULL,
        encoding TEXT NOT NULL,
        sample_rate INTEGER NOT NULL,
        channels INTEGER NOT NULL,
        duration_s REAL NOT NULL,
        problem TEXT NOT NULL
    )
    """,
    # AUTOINCREMENT: an id is never given twice, so that readers can ask for "those after id n".
    """
    CREATE TABLE vectors (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        hash BLOB NOT NULL REFERENCES contents (hash),
        bundle INTEGER NOT NULL REFERENCES bundles (id),
        segment INTEGER NOT NULL,
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        crc INTEGER NOT NULL,
        damaged INTEGER NOT NULL DEFAULT 0,
        UNIQUE (hash, bundle)
    )
    """,
    # path is what the system calls the file, byte for byte; the *_text columns are for filters.
    """
    CREATE TABLE files (
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE,
        path_text TEXT NOT NULL,
        folder_text TEXT NOT NULL,
        name_text TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        hash BLOB NOT NULL,
        failure TEXT
    )
    """,
    "CREATE INDEX files_by_hash ON files (hash)",
    "CREATE INDEX vectors_by_bundle ON vectors (bundle, id)",
    """
    CREATE VIEW sounds AS
    SELECT files.id, files.path, path_text, folder_text, name_text, size, mtime_ns, hash,
           format, encoding, sample_rate, channels, duration_s, problem
    FROM files JOIN contents USING (hash)
    WHERE failure IS NULL
    """,
)

_TAKE_FACTS = """
UPDATE files SET (usable, duration_s, format, sample_rate, channels) = (
    SELECT count(*) AND files.failure IS NULL, duration_s, format, sample_rate, channels
    FROM contents WHERE contents.hash = files.hash
) WHERE"""

# As it was in version 2: what a migration does must not change with the program.
_FIRST_WORDS = """
INSERT OR REPLACE INTO keywords (rowid, name, folder, tags)
SELECT id, spread_name(path), spread_folder(path),
       ifnull((SELECT group_concat(spread(value), ' ') FROM metadata
               WHERE metadata.hash = files.hash), '')
FROM files WHERE 1
"""

MARKS_AND_WORDS = (
    # What the person has marked goes by content, so that it outlives moves, bundles and rescans.
    """
    CREATE TABLE favourites (
        hash BLOB PRIMARY KEY
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE collections (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        text TEXT NOT NULL UNIQUE
    )
    """,
    """
    CREATE TABLE members (
        collection INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
        hash BLOB NOT NULL,
        PRIMARY KEY (collection, hash)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX members_by_hash ON members (hash)",
    # A file that is edited where it lies stays marked; one that trades names with another is not.
    """
    CREATE TRIGGER marks_outlive_edits AFTER UPDATE OF hash ON files
    WHEN NEW.hash != OLD.hash
        AND NOT EXISTS (SELECT 1 FROM files WHERE hash = NEW.hash AND id != NEW.id)
    BEGIN
        INSERT OR IGNORE INTO favourites SELECT NEW.hash FROM favourites WHERE hash = OLD.hash;
        INSERT OR IGNORE INTO members
            SELECT collection, NEW.hash FROM members WHERE hash = OLD.hash;
    END
    """,
    # value is what the file says, text the same for comparisons.
    """
    CREATE TABLE metadata (
        hash BLOB NOT NULL,
        field TEXT NOT NULL,
        value TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (hash, field)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX metadata_by_field ON metadata (field, text)",
    # The contents whose metadata has been looked for, whatever was found, and by which reader.
    """
    CREATE TABLE metadata_read (
        hash BLOB PRIMARY KEY,
        reader INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    # Copies from contents, so that SQLite's indexes give a million files in any order.
    "ALTER TABLE files ADD COLUMN usable INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE files ADD COLUMN duration_s REAL",
    "ALTER TABLE files ADD COLUMN format TEXT",
    "ALTER TABLE files ADD COLUMN sample_rate INTEGER",
    "ALTER TABLE files ADD COLUMN channels INTEGER",
    f"CREATE TRIGGER files_are_added AFTER INSERT ON files BEGIN {_TAKE_FACTS} id = NEW.id; END",
    "CREATE TRIGGER files_are_changed AFTER UPDATE OF hash, failure ON files"
    f" BEGIN {_TAKE_FACTS} id = NEW.id; END",
    "CREATE TRIGGER contents_are_added AFTER INSERT ON contents"
    f" BEGIN {_TAKE_FACTS} hash = NEW.hash; END",
    f"{_TAKE_FACTS} 1",
    "CREATE INDEX files_by_use ON files (usable, hash)",
    "CREATE INDEX files_by_name ON files (usable, name_text)",
    "CREATE INDEX files_by_folder ON files (usable, folder_text, name_text)",
    "CREATE INDEX files_by_duration ON files (usable, duration_s)",
    "CREATE INDEX files_by_format ON files (usable, format, name_text)",
    "CREATE INDEX files_by_rate ON files (usable, sample_rate, name_text)",
    "CREATE INDEX files_by_channels ON files (usable, channels, name_text)",
    "CREATE INDEX files_by_time ON files (usable, mtime_ns)",
    "CREATE INDEX files_by_size ON files (usable, size)",
    "CREATE INDEX files_by_failure ON files (path) WHERE failure IS NOT NULL",
    "DROP VIEW sounds",
    """
    CREATE VIEW sounds AS
    SELECT id, path, path_text, folder_text, name_text, size, mtime_ns, hash,
           format, sample_rate, channels, duration_s
    FROM files WHERE usable = 1
    """,
    # One row for each file, under the file's id.
    """
    CREATE VIRTUAL TABLE keywords USING fts5 (
        name, folder, tags, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
    )
    """,
    "CREATE VIRTUAL TABLE keyword_terms USING fts5vocab (keywords, row)",
    _FIRST_WORDS,
    # SQLite would think that few files are usable, and go through all of them for a handful of
    # favourites: these are figures of a large library, as ANALYZE writes them down.
    "ANALYZE roots",
    """
    INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
        ('files', 'files_by_hash', '1000000 1'),
        ('files', 'files_by_use', '1000000 1000000 1'),
        ('files', 'files_by_name', '1000000 1000000 1'),
        ('files', 'files_by_folder', '1000000 1000000 100 1'),
        ('files', 'files_by_duration', '1000000 1000000 10'),
        ('files', 'files_by_format', '1000000 1000000 500000 1'),
        ('files', 'files_by_rate', '1000000 1000000 500000 1'),
        ('files', 'files_by_channels', '1000000 1000000 500000 1'),
        ('files', 'files_by_time', '1000000 1000000 10'),
        ('files', 'files_by_size', '1000000 1000000 10')
    """,
    "ANALYZE sqlite_schema",
)

SPOKEN_WORDS = (
    # What stands beside a file, and the stamp of what it was read from; value is empty for what is
    # no transcript, text the same for comparisons, times empty unless the transcript gives them.
    """
    CREATE TABLE transcripts (
        file INTEGER PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        value TEXT NOT NULL,
        text TEXT NOT NULL,
        times TEXT NOT NULL
    )
    """,
    # When words are said, as a bundle has found it: by sound, transcript (a hash) and bundle.
    """
    CREATE TABLE word_times (
        hash BLOB NOT NULL,
        transcript BLOB NOT NULL,
        bundle TEXT NOT NULL,
        times TEXT NOT NULL,
        PRIMARY KEY (hash, transcript, bundle)
    ) WITHOUT ROWID
    """,
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (FIRST_TABLES, MARKS_AND_WORDS, SPOKEN_WORDS)
