//! What hooks are told: the files that they read, and their environment.

use serde_json::json;

use super::Rig;
use crate::case::Instance;
use crate::case::setting::NodeFile;
use crate::run::{Described, Options};

/// Names of the files.
const CONFIG: &str = "node.yaml";
const KEYS: &str = "node.keys";

impl Rig {
    /// Writes what hooks read: the node's file, and its keys.
    pub(super) fn write(&mut self, text: &str) -> Result<(), String> {
        let described = NodeFile::parse("the node's file", text)
            .map_err(|e| e.to_string())
            .and_then(|file| Described::new(&file))?;
        self.role = described.role.as_node();
        for (name, text) in [(CONFIG, text), (KEYS, described.key_file.as_str())] {
            let path = self.folder.path().join(name);
            std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
        }
        Ok(())
    }

    /// The file of the node for a case, in JSON, which is YAML.
    pub(super) fn node_file(&self, instance: &Instance, options: &Options) -> String {
        let fixed = self.live.fixed(&instance.under_test);
        let faults: Vec<&str> = options.faults.names().collect();
        let head = json!({
            "play": instance.under_test,
            "faults": faults,
            "seed": options.seed,
            "readings": instance.readings(&options.readings).names(),
            "speed": self.live.speed.unwrap_or(1),
            "links": fixed.links,
            "nodes": fixed.nodes,
            "interface": self.live.its_interfaces.first(),
            "further": self.live.its_interfaces.get(1..).unwrap_or_default(),
        });
        let head = head.to_string();
        let head = head.strip_suffix('}').unwrap_or(&head);
        format!("{head},{}\n}}\n", instance.setting)
    }

    pub(super) fn environment(&self, more: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let mut all = vec![
            ("MIP6_CASE", self.case.clone()),
            ("MIP6_ROLE", self.role.to_owned()),
            ("MIP6_CONFIG", path(CONFIG)),
            ("MIP6_KEYS", path(KEYS)),
        ];
        if let Ok(program) = std::env::current_exe() {
            all.push(("MIP6", program.display().to_string()));
        }
        all.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        all
    }

    pub(super) fn keep(&mut self, hook: &str, said: &str) {
        self.said.extend(said.lines().map(|line| format!("hook {hook}: {line}")));
    }
}
