using System.Text;

namespace Coracle.Node.Proxy;

/// <summary>Writes the commands of one transaction, all in the same table, in the order in which the kernel must see them.</summary>
internal sealed class NftScript(string table)
{
    // Elements are added many to a command; a command stays well below what nft and the kernel take in one message.
    private const int ElementsPerCommand = 250;

    private readonly StringBuilder _text = new();

    public bool IsEmpty => _text.Length == 0;

    /// <summary>Replaces whatever is in the table, if it exists, by an empty one.</summary>
    public void RecreateTable()
    {
        DropTable();
        Line($"add table {table}");
    }

    /// <summary>Removes the table; that it is added first makes this work when there is none.</summary>
    public void DropTable()
    {
        Line($"add table {table}");
        Line($"delete table {table}");
    }

    public void AddVerdictMap(string name, string key) => Line($"add map {table} {name} {{ type {key} : verdict ; }}");

    public void AddAddressSet(string name, string addressType) => Line($"add set {table} {name} {{ type {addressType} ; }}");

    public void AddAffinitySet(NftAffinitySet set, string addressType) =>
        Line($"add set {table} {set.Name} {{ type {addressType} ; flags dynamic,timeout ; timeout {set.TimeoutSeconds}s ; }}");

    public void DeleteSet(string name) => Line($"delete set {table} {name}");

    public void AddBaseChain(string name, string type, string hook, int priority) =>
        Line($"add chain {table} {name} {{ type {type} hook {hook} priority {priority} ; policy accept ; }}");

    public void AddChain(string name) => Line($"add chain {table} {name}");

    public void FlushChain(string name) => Line($"flush chain {table} {name}");

    public void DeleteChain(string name) => Line($"delete chain {table} {name}");

    public void AddRule(string chain, string rule) => Line($"add rule {table} {chain} {rule}");

    public void AddRules(NftChain chain)
    {
        foreach (var rule in chain.Rules)
        {
            AddRule(chain.Name, rule);
        }
    }

    public void AddElements(string map, List<string> elements) => Elements("add", map, elements);

    public void DeleteElements(string map, List<string> keys) => Elements("delete", map, keys);

    public override string ToString() => _text.ToString();

    private void Elements(string verb, string map, List<string> elements)
    {
        foreach (var some in elements.Chunk(ElementsPerCommand))
        {
            Line($"{verb} element {table} {map} {{ {string.Join(", ", some)} }}");
        }
    }

    private void Line(string line) => _text.Append(line).Append('\n');
}
