CREATE TABLE ${db}.orders_{{ env }} (id BIGINT) WITH ('topic' = '${topic}', 'n' = {{ n }});
SELECT %s, <name>, ${a:-{b}} FROM t_${x WHERE a = :p;
