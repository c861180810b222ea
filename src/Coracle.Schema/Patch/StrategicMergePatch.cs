using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>
/// Strategic merge patches: merge patches that know from the schema which lists merge, and by which key (apimachinery, util/strategicpatch). A patch
/// may carry directives: $patch (replace, delete), $retainKeys, $deleteFromPrimitiveList/x and $setElementOrder/x.
/// </summary>
public static class StrategicMergePatch
{
    internal const string Directive = "$patch";
    internal const string RetainKeys = "$retainKeys";
    internal const string DeleteFromList = "$deleteFromPrimitiveList";
    internal const string SetOrder = "$setElementOrder";

    /// <summary>Applies a patch, which must be an object or null. No argument is changed.</summary>
    public static PatchResult Apply(JsonObject document, JsonNode? patch, SchemaNode schema)
    {
        if (patch is not (null or JsonObject))
            return PatchResult.Fail(PatchFault.BadRequest, $"json: cannot unmarshal {GoKinds.JsonWord(patch)} into Go value of type {GoKinds.Map}");
        return PatchResult.Of(() =>
            StrategicMerge.OnServer.Merge((JsonObject)document.DeepClone(), (JsonObject?)patch?.DeepClone() ?? [], schema));
    }

    /// <summary>The patch that makes <paramref name="modified"/> of <paramref name="original"/>; {} when they are the same.</summary>
    public static PatchResult Create(JsonObject original, JsonObject modified, SchemaNode schema) =>
        PatchResult.Of(() => new StrategicDiff(additions: true, deletions: true).Diff(original, modified, schema, false));

    /// <summary>
    /// The patch for `apply`: what <paramref name="modified"/> changes of <paramref name="current"/>, and removes of <paramref name="original"/> (what was
    /// applied last). What others have added to the object stays.
    /// </summary>
    public static PatchResult CreateThreeWay(JsonObject original, JsonObject modified, JsonObject current, SchemaNode schema) => PatchResult.Of(() =>
    {
        var delta = new StrategicDiff(additions: true, deletions: false).Diff(current, modified, schema, false);
        var deletions = new StrategicDiff(additions: false, deletions: true).Diff(original, modified, schema, false);
        return StrategicMerge.OfPatches.Merge(deletions, delta, schema);
    });
}
