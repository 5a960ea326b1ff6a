<?php
/*
 * deployer.php <file>...: what PHP itself makes of clear_paths, one list in
 * JSON to a line. set() and add() are what they are in Deployer.
 */
namespace Deployer;

error_reporting(0);
$config = [];

function set($name, $value)
{
	$GLOBALS['config'][$name] = $value;
}

function add($name, array $more)
{
	set($name, array_merge($GLOBALS['config'][$name] ?? [], $more));
}

function task(...$args)
{
}

foreach (array_slice($argv, 1) as $file) {
	$config = [];
	ob_start();
	(function () use ($file) {
		require $file;
	})();
	ob_end_clean();
	echo json_encode(array_values(array_unique($config['clear_paths'] ?? [])),
		JSON_UNESCAPED_SLASHES), "\n";
}
