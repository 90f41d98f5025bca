CREATE TABLE runs (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	run_id VARCHAR(26) NOT NULL,
	owner VARCHAR(200) NOT NULL,
	name VARCHAR(80) NOT NULL,
	token VARCHAR(200) NOT NULL,
	spec TEXT NOT NULL,
	series_name TEXT NOT NULL,
	fingerprint VARCHAR(64) NOT NULL,
	created_at VARCHAR(40) NOT NULL,
	status VARCHAR(12) NOT NULL,
	queue VARCHAR(200),
	beat INTEGER NOT NULL,
	last_seq INTEGER NOT NULL,
	cancel BOOLEAN NOT NULL,
	deleted_at FLOAT,
	UNIQUE (owner, token),
	UNIQUE (run_id)
);

CREATE INDEX ix_runs_status ON runs (status);

CREATE INDEX ix_runs_owner ON runs (owner);

CREATE UNIQUE INDEX one_name_per_owner ON runs (owner, name) WHERE deleted_at IS NULL;

CREATE TABLE blobs (
	sha256 VARCHAR(64) NOT NULL,
	content BLOB NOT NULL,
	PRIMARY KEY (sha256)
);

CREATE TABLE events (
	run_id VARCHAR(26) NOT NULL,
	seq INTEGER NOT NULL,
	kind VARCHAR(12) NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (run_id, seq),
	FOREIGN KEY(run_id) REFERENCES runs (run_id) ON DELETE CASCADE
);

CREATE TABLE artifacts (
	run_id VARCHAR(26) NOT NULL,
	name VARCHAR(80) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	PRIMARY KEY (run_id, name),
	FOREIGN KEY(run_id) REFERENCES runs (run_id) ON DELETE CASCADE,
	FOREIGN KEY(sha256) REFERENCES blobs (sha256)
);

CREATE TABLE series (
	owner VARCHAR(200) NOT NULL,
	fingerprint VARCHAR(64) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	PRIMARY KEY (owner, fingerprint),
	FOREIGN KEY(sha256) REFERENCES blobs (sha256)
);

CREATE TABLE uploads (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	owner VARCHAR(200) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	name TEXT NOT NULL,
	size INTEGER NOT NULL,
	UNIQUE (owner, sha256),
	FOREIGN KEY(sha256) REFERENCES blobs (sha256)
);
