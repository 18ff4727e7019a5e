-- At each start; the user is made by the first one.
ALTER USER IF EXISTS 'holdfast'@'%' REQUIRE SSL;
