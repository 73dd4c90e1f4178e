CREATE TABLE IF NOT EXISTS users (id bigint AUTO_INCREMENT PRIMARY KEY, username varchar(254) UNIQUE,
  password varchar(100), enabled boolean DEFAULT true);
CREATE TABLE IF NOT EXISTS authorities (username varchar(254) REFERENCES users (username), authority varchar(50));
CREATE TABLE IF NOT EXISTS todo (id bigint AUTO_INCREMENT PRIMARY KEY, owner bigint NOT NULL, text varchar(200) NOT NULL);
MERGE INTO users (username, password) KEY (username) VALUES ('ada@example.com', '{noop}secret');
MERGE INTO authorities KEY (username) VALUES ('ada@example.com', 'ROLE_USER');
