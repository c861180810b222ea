using System.Text.RegularExpressions;

namespace Coracle.Node.Network.Tests.Support;

/// <summary>
/// What nft and the kernel make of a script, as far as this project's scripts go: existence and reference checks included, so that a
/// command that the kernel would refuse fails the test.
/// </summary>
internal sealed partial class TableModel
{
    private readonly Dictionary<string, List<string>> _chains = [];
    private readonly Dictionary<string, SortedDictionary<string, string>> _maps = [];
    private readonly HashSet<string> _affinitySets = [];

    public void Play(string script)
    {
        foreach (var line in script.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ', 6);
            Play(words[0] + " " + words[1], words.Length > 4 ? words[4] : "", words.Length > 5 ? words[5] : "");
        }

        Assert.All(_chains.Values.SelectMany(r => r).Concat(_maps.Values.SelectMany(m => m.Values)), AssertRefersToWhatExists);
    }

    public string Describe() => string.Join('\n',
        _chains.OrderBy(c => c.Key, StringComparer.Ordinal).SelectMany(c => c.Value.Select(r => "  " + r).Prepend(c.Key))
            .Concat(_maps.OrderBy(m => m.Key, StringComparer.Ordinal).SelectMany(m => m.Value.Select(e => $"{m.Key} {e.Key} {e.Value}")))
            .Concat(_affinitySets.Order(StringComparer.Ordinal)));

    private void Play(string command, string name, string rest)
    {
        switch (command)
        {
            case "add table":
                break;
            case "delete table":
                _chains.Clear();
                _maps.Clear();
                _affinitySets.Clear();
                break;
            case "add chain":
                _chains.TryAdd(name, []);
                break;
            case "flush chain":
                _chains[name].Clear();
                break;
            case "delete chain":
                Assert.Empty(_chains[name]);
                Assert.DoesNotContain(_chains.Values.SelectMany(r => r).Concat(_maps.Values.SelectMany(m => m.Values)), r => Names(r).Contains(name));
                _chains.Remove(name);
                break;
            case "add rule":
                _chains[name].Add(rest);
                AssertRefersToWhatExists(rest);
                break;
            case "add map":
            case "add set" when !rest.Contains("dynamic", StringComparison.Ordinal):
                Assert.True(_maps.TryAdd(name, []));
                break;
            case "add set":
                Assert.True(_affinitySets.Add(name));
                break;
            case "delete set":
                Assert.DoesNotContain(_chains.Values.SelectMany(r => r), r => Names(r).Contains(name));
                Assert.True(_affinitySets.Remove(name));
                break;
            case "add element":
                foreach (var element in rest.Trim('{', '}', ' ').Split(", "))
                {
                    Assert.True(_maps[name].TryAdd(element.Split(" comment ")[0], element), $"{element} is in {name} already");
                }

                break;
            case "delete element":
                foreach (var key in rest.Trim('{', '}', ' ').Split(", "))
                {
                    Assert.True(_maps[name].Remove(key), $"{key} is not in {name}");
                }

                break;
            default:
                Assert.Fail($"unknown command: {command}");
                break;
        }
    }

    private void AssertRefersToWhatExists(string rule) =>
        Assert.All(Names(rule), n => Assert.True(_chains.ContainsKey(n) || _affinitySets.Contains(n), $"{rule}: there is no {n}"));

    private static IEnumerable<string> Names(string rule) => HashedName().Matches(rule).Select(m => m.Value);

    [GeneratedRegex("(svc|local|ext|guard|ep|aff)-[0-9a-f]{20}")]
    private static partial Regex HashedName();
}
