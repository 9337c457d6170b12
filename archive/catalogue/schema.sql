CREATE TABLE ai_model (
	accession VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	folder VARCHAR NOT NULL,
	maker VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	aliases VARCHAR NOT NULL,
	PRIMARY KEY (accession)
);

CREATE INDEX ix_ai_model_id ON ai_model (id);

CREATE TABLE catalogue (
	version VARCHAR NOT NULL,
	origin VARCHAR NOT NULL,
	statements INTEGER NOT NULL,
	root VARCHAR NOT NULL,
	PRIMARY KEY (version)
);

CREATE TABLE deposit (
	accession VARCHAR NOT NULL,
	folder VARCHAR NOT NULL,
	slug VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	model VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	date DATE,
	access VARCHAR NOT NULL,
	filed DATETIME NOT NULL,
	entry INTEGER NOT NULL,
	files VARCHAR NOT NULL,
	lost VARCHAR NOT NULL,
	PRIMARY KEY (accession)
);

CREATE INDEX ix_deposit_slug ON deposit (slug);

CREATE TABLE quote (
	accession VARCHAR NOT NULL,
	slug VARCHAR NOT NULL,
	claim INTEGER NOT NULL,
	number INTEGER NOT NULL,
	quoted VARCHAR NOT NULL,
	interview INTEGER NOT NULL,
	turn INTEGER NOT NULL,
	part VARCHAR NOT NULL,
	exact VARCHAR NOT NULL,
	PRIMARY KEY (accession, slug, claim, number)
);

CREATE INDEX quote_turn ON quote (quoted, interview, turn);

CREATE TABLE analysis (
	id INTEGER NOT NULL,
	accession VARCHAR NOT NULL,
	slug VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	author VARCHAR NOT NULL,
	author_kind VARCHAR NOT NULL,
	date DATE NOT NULL,
	version INTEGER NOT NULL,
	supersedes VARCHAR,
	text VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(accession) REFERENCES deposit (accession),
	UNIQUE (accession, slug)
);

CREATE INDEX ix_analysis_slug ON analysis (slug);

CREATE TABLE context (
	accession VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	answers VARCHAR NOT NULL,
	PRIMARY KEY (accession, number),
	FOREIGN KEY(accession) REFERENCES deposit (accession)
);

CREATE TABLE preference (
	accession VARCHAR NOT NULL,
	slug VARCHAR NOT NULL,
	model VARCHAR NOT NULL,
	summary VARCHAR NOT NULL,
	date DATE NOT NULL,
	scope VARCHAR NOT NULL,
	elicitation VARCHAR NOT NULL,
	proposed_by VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	PRIMARY KEY (accession, slug),
	FOREIGN KEY(accession) REFERENCES ai_model (accession)
);

CREATE INDEX ix_preference_model ON preference (model);

CREATE TABLE analysed (
	accession VARCHAR NOT NULL,
	slug VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	read VARCHAR NOT NULL,
	interview INTEGER NOT NULL,
	PRIMARY KEY (accession, slug, number),
	FOREIGN KEY(accession, slug) REFERENCES analysis (accession, slug)
);

CREATE INDEX analysed_interview ON analysed (read, interview);

CREATE TABLE answer (
	accession VARCHAR NOT NULL,
	slug VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	status VARCHAR NOT NULL,
	date DATE NOT NULL,
	"by" VARCHAR NOT NULL,
	PRIMARY KEY (accession, slug, number),
	FOREIGN KEY(accession, slug) REFERENCES preference (accession, slug)
);

CREATE TABLE claim (
	id INTEGER NOT NULL,
	accession VARCHAR NOT NULL,
	slug VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	date DATE NOT NULL,
	text VARCHAR NOT NULL,
	confidence VARCHAR,
	PRIMARY KEY (id),
	FOREIGN KEY(accession, slug) REFERENCES analysis (accession, slug)
);

CREATE INDEX claim_of ON claim (accession, slug);

CREATE TABLE interview (
	accession VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	model VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	protocol VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	date DATE,
	turns INTEGER NOT NULL,
	words INTEGER NOT NULL,
	own_turns INTEGER NOT NULL,
	own_words INTEGER NOT NULL,
	system BOOLEAN NOT NULL,
	recorded INTEGER NOT NULL,
	fields INTEGER NOT NULL,
	context INTEGER NOT NULL,
	adherence VARCHAR NOT NULL,
	PRIMARY KEY (accession, number),
	FOREIGN KEY(accession, context) REFERENCES context (accession, number)
);

CREATE INDEX ix_interview_model ON interview (model);

CREATE INDEX ix_interview_protocol ON interview (protocol);

CREATE TABLE turn (
	id INTEGER NOT NULL,
	accession VARCHAR NOT NULL,
	interview INTEGER NOT NULL,
	turn INTEGER NOT NULL,
	role VARCHAR NOT NULL,
	parent INTEGER,
	text VARCHAR NOT NULL,
	reasoning VARCHAR,
	PRIMARY KEY (id),
	FOREIGN KEY(accession, interview) REFERENCES interview (accession, number),
	UNIQUE (accession, interview, turn)
);

CREATE TABLE note (
	id INTEGER NOT NULL,
	accession VARCHAR NOT NULL,
	interview INTEGER NOT NULL,
	turn INTEGER NOT NULL,
	coder VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	date DATE NOT NULL,
	code VARCHAR NOT NULL,
	value VARCHAR NOT NULL,
	text VARCHAR NOT NULL,
	quote VARCHAR NOT NULL,
	confidence VARCHAR,
	PRIMARY KEY (id),
	FOREIGN KEY(accession, interview, turn) REFERENCES turn (accession, interview, turn)
);

CREATE INDEX ix_note_code ON note (code);

CREATE INDEX note_turn ON note (accession, interview, turn);
