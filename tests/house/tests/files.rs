//! One idea a file.

use milkrun_house::sources;

/// Most lines of a file that people write.
const LONGEST: usize = 500;

/// Files that are generated, whose length says nothing.
const GENERATED: [&str; 4] = [
    "bindings-python/python/milkrun/_core.pyi",
    "bindings-python/python/milkrun/_documents.py",
    "bindings-node/ts/documents.ts",
    "bindings-node/ts/native-types.d.ts",
];

#[test]
fn no_file_is_long() {
    let roots = [
        "core",
        "providers",
        "sources",
        "tables",
        "report",
        "cli",
        "service",
        "bindings-python",
        "bindings-node",
        "xtask",
        "tests",
        "benches",
        "examples",
    ];
    let endings = [".rs", ".py", ".pyi", ".ts", ".mjs", ".js"];
    let mut long = Vec::new();
    for file in sources(&roots, &endings) {
        let lines = file.text.lines().count();
        if lines > LONGEST && !GENERATED.contains(&file.path.as_str()) {
            long.push(format!("{} has {lines} lines", file.path));
        }
    }
    assert_eq!(long, [""; 0], "a file beyond {LONGEST} lines has more than one idea: split it");
}
