--liquibase formatted sql
--changeset service:1
CREATE TABLE orders (id bigint PRIMARY KEY);
