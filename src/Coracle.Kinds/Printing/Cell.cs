using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Kinds.Printing;

/// <summary>The contents of columns that many kinds share.</summary>
internal static class Cell
{
    internal static string Age(ObjectMeta metadata, DateTimeOffset now) => HumanDuration.Since(metadata.CreationTimestamp, now);
    internal static string Names(PodSpec spec) => string.Join(',', (spec.Containers ?? []).Select(c => c.Name));
    internal static string Images(PodSpec spec) => string.Join(',', (spec.Containers ?? []).Select(c => c.Image));

    /// <summary>A selector, "&lt;none&gt;" when it says nothing, "&lt;error&gt;" when it is not valid.</summary>
    internal static string Selector(LabelSelector? selector) => LabelSelectorText.Format(selector) is { } text ? OrNone(text) : "<error>";
    internal static string OrNone(string? text) => string.IsNullOrEmpty(text) ? "<none>" : text;
    internal static string OrUnknown(string text) => text.Length == 0 ? "<unknown>" : text;

    /// <summary>The first three of a list, and how many more there are.</summary>
    internal static string FirstThree(IReadOnlyCollection<string> items) =>
        items.Count <= 3 ? string.Join(',', items) : $"{string.Join(',', items.Take(3))} + {items.Count - 3} more...";
}
