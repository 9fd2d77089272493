-- The archive's tables. The line above a table is its COMMENT, the words after a column are that column's COMMENT:
-- pipeline/load/archive.py reads both from here, so description and definition cannot part.
-- No primary keys: DuckDB checks them against rows deleted in the same transaction, and a document is replaced in one.
-- What is unique is proved by the tests (see UNIQUE in tests/test_load.py).

-- One row a document: a file's bytes, whatever its names. The same bytes met twice are one document with two document_paths.
CREATE TABLE IF NOT EXISTS documents (
    document_id VARCHAR NOT NULL,          -- first 16 hexadecimal digits of sha256
    path VARCHAR NOT NULL,                 -- where the file was met, as the run was told; bytes that are not UTF-8 read as \xNN
    filename VARCHAR NOT NULL,             -- last part of path
    sha256 VARCHAR NOT NULL,               -- SHA-256 of the file's bytes, hexadecimal
    media_type VARCHAR NOT NULL,           -- what the bytes are: application/pdf, text/plain, text/html
    title VARCHAR,                         -- from manifest, metadata or first page; NULL where none says
    genre VARCHAR,                         -- kind of writing: convention, deliberation, report...; NULL where unknown
    date_from DATE,                        -- first day of the interval in which the document was written; NULL where unknown
    date_to DATE,                          -- last day of that interval, inclusive
    page_count INTEGER NOT NULL,           -- pages stored in the table pages
    language VARCHAR,                      -- ISO 639-1 code, or NULL where too short to tell
    producer VARCHAR,                      -- software that wrote the file, as the file says
    status VARCHAR NOT NULL CHECK (status IN ('ok', 'partial', 'failed', 'skipped')), -- ok: all read; partial: some pages; failed: none; skipped: not a document
    error VARCHAR,                         -- why status is not ok
    pipeline_version VARCHAR NOT NULL,     -- version of the program that made the rows of this document
    ingested_at TIMESTAMP NOT NULL,        -- when, in UTC
    claimed_pages INTEGER NOT NULL,        -- pages the file says it holds
    size BIGINT NOT NULL                   -- bytes of the file
);

-- One row a name of a document on disk: the same bytes under two names are two rows here and one in documents.
CREATE TABLE IF NOT EXISTS document_paths (
    document_id VARCHAR NOT NULL,          -- the document
    path VARCHAR NOT NULL,                 -- where the file was met, as the run was told
    url VARCHAR                            -- percent-encoded address relative to the folder of this database; NULL where unknown
);

-- One row a page read.
CREATE TABLE IF NOT EXISTS pages (
    document_id VARCHAR NOT NULL,          -- the document
    page INTEGER NOT NULL,                 -- page number, from 1
    text VARCHAR NOT NULL,                 -- mended text in reading order, without running headers and footers
    raw_text VARCHAR NOT NULL,             -- the text as extracted, nothing removed, nothing mended
    method VARCHAR NOT NULL CHECK (method IN ('text-layer', 'ocr', 'plain-text', 'none')), -- where raw_text comes from
    needs_ocr BOOLEAN NOT NULL,            -- true where the page shows writing that no text layer gives
    quality DOUBLE NOT NULL,               -- how much the text can be trusted, 0 to 1
    width DOUBLE,                          -- points; NULL without a PDF
    height DOUBLE,                         -- points; NULL without a PDF
    engine VARCHAR NOT NULL                -- the reader that was believed for this page
);

-- One row a change made to a page's raw text. Applying a page's rows to raw_text gives text, up to white space.
CREATE TABLE IF NOT EXISTS repairs (
    document_id VARCHAR NOT NULL,          -- the document
    page INTEGER NOT NULL,                 -- page number, from 1
    start_char INTEGER NOT NULL,           -- first code point changed, 0-based, into pages.raw_text
    end_char INTEGER NOT NULL,             -- end, exclusive, into pages.raw_text
    before VARCHAR NOT NULL,               -- what stood there; empty where something was put in
    after VARCHAR NOT NULL,                -- what stands there now; empty where something was removed
    family VARCHAR NOT NULL,               -- which kind of damage was mended
    confidence DOUBLE NOT NULL             -- how sure the repair is, 0 to 1
);

-- One row a change not made because it was not sure enough: for a person to judge.
CREATE TABLE IF NOT EXISTS doubts (
    document_id VARCHAR NOT NULL,          -- the document
    page INTEGER NOT NULL,                 -- page number, from 1
    start_char INTEGER NOT NULL,           -- first code point in doubt, 0-based, into pages.raw_text
    end_char INTEGER NOT NULL,             -- end, exclusive, into pages.raw_text
    before VARCHAR NOT NULL,               -- what stands there
    suggestion VARCHAR NOT NULL,           -- what might have stood there
    family VARCHAR NOT NULL,               -- which kind of damage is suspected
    confidence DOUBLE NOT NULL             -- how sure the suggestion is, 0 to 1
);

-- One row a stretch of text that names something. substr(pages.text, start_char + 1, end_char - start_char) = surface.
CREATE TABLE IF NOT EXISTS mentions (
    mention_id VARCHAR NOT NULL,           -- document:page:start:kind
    document_id VARCHAR NOT NULL,          -- the document
    page INTEGER NOT NULL,                 -- page number, from 1
    start_char INTEGER NOT NULL,           -- first code point, 0-based, into pages.text
    end_char INTEGER NOT NULL,             -- end, exclusive, into pages.text
    surface VARCHAR NOT NULL,              -- the words as they stand in pages.text
    kind VARCHAR NOT NULL CHECK (kind IN ('programme', 'body', 'site', 'place', 'person', 'law', 'date', 'amount', 'quantity')), -- what is named
    entity_id VARCHAR,                     -- who or what is meant, in entities; NULL where unlinked
    method VARCHAR NOT NULL,               -- which rule, gazetteer or model found it
    confidence DOUBLE NOT NULL,            -- the finder's own, 0 to 1
    x0 DOUBLE,                             -- left edge on the page, points; NULL without a PDF
    y0 DOUBLE,                             -- top edge, points from the top; NULL without a PDF
    x1 DOUBLE,                             -- right edge, points; NULL without a PDF
    y1 DOUBLE                              -- bottom edge, points from the top; NULL without a PDF
);

-- One row an identity: a body, programme, site, place, person or law, whatever it is called.
CREATE TABLE IF NOT EXISTS entities (
    entity_id VARCHAR NOT NULL,            -- readable and repeatable
    kind VARCHAR NOT NULL,                 -- as in mentions
    name VARCHAR NOT NULL,                 -- canonical name; for one known from the corpus alone, the name most documents give
    acronym VARCHAR,                       -- the usual short form
    aliases VARCHAR[] NOT NULL,            -- other names, sorted
    valid_from DATE,                       -- first day it existed under this name; NULL where unknown
    valid_to DATE,                         -- last day; NULL where unknown or still alive
    insee_code VARCHAR,                    -- INSEE code of a place, or of the commune of a site
    source VARCHAR NOT NULL,               -- where the identity is known from: a gazetteer's citation, or corpus
    verified BOOLEAN NOT NULL              -- false where the source is general knowledge that nobody has checked
);

-- One row what one document says of one identity; entities is made from these, so it depends on no order of reading.
CREATE TABLE IF NOT EXISTS entity_claims (
    document_id VARCHAR NOT NULL,          -- the document
    entity_id VARCHAR NOT NULL,            -- the identity
    kind VARCHAR NOT NULL,                 -- as in entities
    name VARCHAR NOT NULL,                 -- as in entities
    acronym VARCHAR,                       -- as in entities
    aliases VARCHAR[] NOT NULL,            -- as in entities
    valid_from DATE,                       -- as in entities
    valid_to DATE,                         -- as in entities
    insee_code VARCHAR,                    -- as in entities
    source VARCHAR NOT NULL,               -- as in entities
    verified BOOLEAN NOT NULL,             -- as in entities
    mention_count INTEGER NOT NULL         -- mentions of it in the document: the weight of this document's say
);

-- One row a mention of kind date: the closed interval of days its words fix.
CREATE TABLE IF NOT EXISTS dates (
    mention_id VARCHAR NOT NULL,           -- the mention
    date_from DATE NOT NULL,               -- first day
    date_to DATE NOT NULL,                 -- last day, inclusive
    precision VARCHAR NOT NULL CHECK (precision IN ('day', 'month', 'quarter', 'season', 'part', 'year', 'decade', 'century', 'range')) -- how precisely the words fix it
);

-- One row a mention of kind amount.
CREATE TABLE IF NOT EXISTS amounts (
    mention_id VARCHAR NOT NULL,           -- the mention
    value DECIMAL(38, 2),                  -- in units of the currency, never converted; NULL where the figure has more than 36 digits
    currency VARCHAR NOT NULL CHECK (currency IN ('EUR', 'FRF')), -- euros or francs
    tax VARCHAR                            -- HT or TTC where the text says
);

-- One row a mention of kind quantity.
CREATE TABLE IF NOT EXISTS quantities (
    mention_id VARCHAR NOT NULL,           -- the mention
    value DOUBLE NOT NULL,                 -- the number
    unit VARCHAR NOT NULL                  -- what it counts or measures
);

-- One row a telling: what one document says happened, or was decided to happen, at a stated time.
CREATE TABLE IF NOT EXISTS events (
    event_id VARCHAR NOT NULL,             -- document:page:start:n
    document_id VARCHAR NOT NULL,          -- the document
    page INTEGER NOT NULL,                 -- page number, from 1
    start_char INTEGER NOT NULL,           -- first code point of the excerpt, 0-based, into pages.text
    end_char INTEGER NOT NULL,             -- end of the excerpt, exclusive, into pages.text
    excerpt VARCHAR NOT NULL,              -- the document's own words
    kind VARCHAR NOT NULL,                 -- launch, selection, signature...
    date_from DATE NOT NULL,               -- first day it can have happened
    date_to DATE NOT NULL,                 -- last day, inclusive
    precision VARCHAR NOT NULL CHECK (precision IN ('day', 'month', 'quarter', 'season', 'part', 'year', 'decade', 'century', 'range')), -- how precisely the words fix it
    certainty VARCHAR NOT NULL CHECK (certainty IN ('happened', 'planned')), -- planned: decided for a stated time
    confidence DOUBLE NOT NULL,            -- the finder's own, 0 to 1
    trigger_word VARCHAR NOT NULL          -- the word that made it an event
);

-- One row a participant of a telling.
CREATE TABLE IF NOT EXISTS event_participants (
    event_id VARCHAR NOT NULL,             -- the telling
    mention_id VARCHAR,                    -- where it is named; NULL where only understood
    entity_id VARCHAR,                     -- who or what is meant; NULL where unlinked
    role VARCHAR NOT NULL CHECK (role IN ('body', 'programme', 'site', 'place', 'person', 'law', 'amount')), -- in which role
    surface VARCHAR NOT NULL               -- the words as they stand
);

-- One row a stretch of a telling's page that tells it in one line, where its excerpt says too much or too little.
CREATE TABLE IF NOT EXISTS event_words (
    event_id VARCHAR NOT NULL,             -- the telling
    position INTEGER NOT NULL,             -- order in which the stretches are read, from 1
    start_char INTEGER NOT NULL,           -- first code point, 0-based, into pages.text
    end_char INTEGER NOT NULL,             -- end, exclusive, into pages.text
    added BOOLEAN NOT NULL                 -- true where the words stand elsewhere than in its clause: a subject, a shared verb
);

-- One row a telling that stands under a heading: of a deliberation, a chapter, a table.
CREATE TABLE IF NOT EXISTS event_headings (
    event_id VARCHAR NOT NULL,             -- the telling
    page INTEGER NOT NULL,                 -- page of the heading, from 1; may be before the telling’s
    start_char INTEGER NOT NULL,           -- first code point, 0-based, into pages.text, behind the heading’s number
    end_char INTEGER NOT NULL              -- end, exclusive, into pages.text
);

-- One row a telling, made from the whole corpus: which event of the chronology it tells, and how the chronology words it.
CREATE TABLE IF NOT EXISTS event_groups (
    event_id VARCHAR NOT NULL,             -- the telling
    group_id VARCHAR NOT NULL,             -- event_id of the telling whose words the chronology shows
    rank INTEGER NOT NULL,                 -- 1 for the telling whose words the chronology shows
    date_label VARCHAR NOT NULL,           -- the telling’s date in French; of a sentence on two dates that touch, both
    label VARCHAR NOT NULL,                -- date and telling in a line
    title VARCHAR NOT NULL                 -- the telling in a line, without its date: its own words, canonical names, additions in brackets
);

-- One row a point on which two tellings that seem to be of one event do not agree. Nothing is settled: both stand.
CREATE TABLE IF NOT EXISTS event_disagreements (
    event_id VARCHAR NOT NULL,             -- the first telling
    other_event_id VARCHAR NOT NULL,       -- the second telling
    subject VARCHAR NOT NULL,              -- date, amount or certainty
    value VARCHAR NOT NULL,                -- what the first says
    other_value VARCHAR NOT NULL           -- what the second says
);

-- One row a relation that a document (or a gazetteer) states.
CREATE TABLE IF NOT EXISTS relations (
    relation_id VARCHAR NOT NULL,          -- readable and repeatable
    subject_id VARCHAR,                    -- in entities; NULL where unlinked
    subject VARCHAR NOT NULL,              -- the words of the subject
    predicate VARCHAR NOT NULL CHECK (predicate IN ('located_in', 'part_of_programme', 'client', 'contractor', 'funds', 'partner_of', 'member_of', 'successor_of', 'alias_of')), -- what joins them
    object_id VARCHAR,                     -- in entities; NULL where unlinked
    object VARCHAR NOT NULL,               -- the words of the object
    document_id VARCHAR,                   -- the document; NULL where a gazetteer says so
    page INTEGER,                          -- page number, from 1; NULL where a gazetteer says so
    excerpt VARCHAR NOT NULL,              -- the words that say so
    confidence DOUBLE NOT NULL,            -- the finder's own, 0 to 1
    source VARCHAR NOT NULL                -- document, or the gazetteer's citation
);

-- One row a relation that a gazetteer states, once for each document that made it worth saying; relations is made from these.
CREATE TABLE IF NOT EXISTS relation_claims (
    document_id VARCHAR NOT NULL,          -- the document that names the subject or the object
    subject_id VARCHAR,                    -- as in relations
    subject VARCHAR NOT NULL,              -- as in relations
    predicate VARCHAR NOT NULL,            -- as in relations
    object_id VARCHAR,                     -- as in relations
    object VARCHAR NOT NULL,               -- as in relations
    excerpt VARCHAR NOT NULL,              -- as in relations
    confidence DOUBLE NOT NULL,            -- as in relations
    source VARCHAR NOT NULL                -- the gazetteer's citation
);

-- One row a cell of a table on a page.
CREATE TABLE IF NOT EXISTS table_cells (
    document_id VARCHAR NOT NULL,          -- the document
    page INTEGER NOT NULL,                 -- page number, from 1
    table_no INTEGER NOT NULL,             -- table on the page, from 1
    row_no INTEGER NOT NULL,               -- row, from 1
    column_no INTEGER NOT NULL,            -- column, from 1
    text VARCHAR NOT NULL                  -- mended text of the cell; empty for an empty cell
);

-- One row a run of the program on this archive.
CREATE TABLE IF NOT EXISTS runs (
    run_id VARCHAR NOT NULL,               -- run-0001, run-0002...
    started_at TIMESTAMP NOT NULL,         -- in UTC
    finished_at TIMESTAMP,                 -- in UTC
    pipeline_version VARCHAR NOT NULL,     -- version of the program
    versions MAP(VARCHAR, VARCHAR) NOT NULL, -- libraries and models, and their versions
    options MAP(VARCHAR, VARCHAR) NOT NULL, -- what the run was told
    documents_seen INTEGER NOT NULL,       -- files met, each document once
    documents_ingested INTEGER NOT NULL,   -- documents read in this run
    documents_failed INTEGER NOT NULL      -- documents of this run whose status is failed
);

-- One row: the state of the archive itself.
CREATE TABLE IF NOT EXISTS archive_state (
    schema_version INTEGER NOT NULL,       -- version of these tables
    settled BOOLEAN NOT NULL               -- false while documents were stored but what depends on the whole corpus is not yet made again
);

-- One row: which files of the program made the groups, the labels and the views; where they have changed, all are made again.
CREATE TABLE IF NOT EXISTS history_state (
    digest VARCHAR NOT NULL                -- SHA-256 of the program's chronology room, hexadecimal
);
