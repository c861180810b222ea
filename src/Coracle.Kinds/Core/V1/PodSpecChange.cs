using System.Text;
using System.Text.Json.Nodes;
using Coracle.Kinds.Validation;

namespace Coracle.Kinds.Core.V1;

/// <summary>The difference between two specifications of pods, for people: the fields that differ, as - and + lines.</summary>
internal static class PodSpecChange
{
    internal static string Describe(PodSpec old, PodSpec spec) => Describe("spec", Checks.Shown(old), Checks.Shown(spec));

    internal static string Describe(string path, JsonNode? old, JsonNode? now)
    {
        var text = new StringBuilder();
        Compare(text, path, old, now);
        return text.ToString();
    }

    private static void Compare(StringBuilder text, string path, JsonNode? old, JsonNode? now)
    {
        if (JsonNode.DeepEquals(old, now)) return;
        if (old is JsonObject before && now is JsonObject after)
        {
            foreach (var name in before.Select(f => f.Key).Union(after.Select(f => f.Key))) Compare(text, $"{path}.{name}", before[name], after[name]);
        }
        else if (old is JsonArray first && now is JsonArray second && first.Count == second.Count)
        {
            for (var i = 0; i < first.Count; i++) Compare(text, $"{path}[{i}]", first[i], second[i]);
        }
        else
        {
            if (old is not null) text.Append("- ").Append(path).Append(": ").Append(old.ToJsonString()).Append('\n');
            if (now is not null) text.Append("+ ").Append(path).Append(": ").Append(now.ToJsonString()).Append('\n');
        }
    }
}
