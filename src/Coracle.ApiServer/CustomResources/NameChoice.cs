using System.Text.Json.Nodes;
using Coracle.Kinds.Apiextensions.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Which of the names that a definition asks for it gets: those that no other of its group has (apiextensions-apiserver, pkg/controller/status).</summary>
internal sealed class NameChoice
{
    private readonly CustomResourceDefinitionNames _chosen;
    private readonly (string Reason, string Message)? _conflict;

    public NameChoice(IEnumerable<CustomDefinition> all, CustomDefinition definition)
    {
        var (wanted, had) = (definition.Wanted, definition.Names);
        var group = all.Where(d => d.Group == definition.Group).Select(d => d.Names).ToList();
        var resources = group.SelectMany(names => (string[])[names.Plural, names.Singular, .. names.ShortNames ?? []]).ToHashSet(StringComparer.Ordinal);
        var kinds = group.SelectMany(names => (string[])[names.Kind, names.ListKind]).ToHashSet(StringComparer.Ordinal);
        _chosen = had.DeepCopy();
        _chosen.Plural = One(wanted.Plural, had.Plural, resources, "PluralConflict", ref _conflict);
        _chosen.Singular = One(wanted.Singular, had.Singular, resources, "SingularConflict", ref _conflict);
        _chosen.ShortNames = ShortNames(wanted.ShortNames ?? [], had.ShortNames ?? [], resources, ref _conflict);
        _chosen.Kind = One(wanted.Kind, had.Kind, kinds, "KindConflict", ref _conflict);
        _chosen.ListKind = One(wanted.ListKind, had.ListKind, kinds, "ListKindConflict", ref _conflict);
        _chosen.Categories = wanted.Categories;
    }

    private static string One(string wanted, string had, HashSet<string> used, string reason, ref (string, string)? conflict)
    {
        if (wanted == had || !used.Contains(wanted)) return wanted;
        conflict = (reason, InUse(wanted));
        return had;
    }

    private static List<string> ShortNames(List<string> wanted, List<string> had, HashSet<string> used, ref (string, string)? conflict)
    {
        var taken = wanted.Where(name => !had.Contains(name) && used.Contains(name)).Select(InUse).ToList();
        if (taken.Count == 0) return wanted;
        conflict = ("ShortNamesConflict", taken.Count == 1 ? taken[0] : $"[{string.Join(", ", taken)}]");
        return had;
    }

    private static string InUse(string name) => $"{GoText.Quote(name)} is already in use";

    /// <summary>Whether the definition says all this already.</summary>
    public bool IsKnown(CustomDefinition definition)
    {
        if (!ApiContent.Same(_chosen, definition.Names)) return false;
        var known = DefinitionConditions.Find(definition.Stored.ToTree(), "NamesAccepted");
        var (status, reason, message) = Condition;
        return known is not null && Meta.Text(known, "status") == status && Meta.Text(known, "reason") == reason && Meta.Text(known, "message") == message;
    }

    private (string Status, string Reason, string Message) Condition => _conflict is { } conflict ? ("False", conflict.Reason, conflict.Message) : ("True", "NoConflicts", "no conflicts found");

    public void Apply(JsonObject definition, string now)
    {
        if (definition["status"] is not JsonObject status) definition["status"] = status = [];
        status["acceptedNames"] = JsonNode.Parse(ApiJson.ToBytes(_chosen));
        var (accepted, reason, message) = Condition;
        DefinitionConditions.Set(definition, "NamesAccepted", accepted, reason, message, now);
        if (accepted != "True" && DefinitionConditions.Find(definition, "Established") is null)
            DefinitionConditions.Set(definition, "Established", "False", "NotAccepted", "not all names are accepted", now);
    }
}
