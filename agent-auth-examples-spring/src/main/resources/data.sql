INSERT INTO person (email, password) VALUES ('ada@example.com', '{noop}secret') ON CONFLICT DO NOTHING;
