using System.Globalization;
using System.Text.Json.Nodes;
using Coracle.Schema;
using Coracle.Schema.Cel;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>Rules in CEL: their types, and what they may cost by the sizes that the schema allows (apiextensions-apiserver, apis/apiextensions/validation/cel_validation.go).</summary>
internal static partial class SchemaValidation
{
    private sealed class Costs
    {
        public ulong Total;
        public readonly List<(FieldPath Path, ulong Cost)> MostExpensive = [];

        public void Add(FieldPath path, ulong cost)
        {
            Total = cost > ulong.MaxValue - Total ? ulong.MaxValue : Total + cost;
            if (cost < CelLimits.StaticEstimateOfAll / 100) return;
            MostExpensive.Add((path, cost));
            MostExpensive.Sort((a, b) => b.Cost.CompareTo(a.Cost));
            if (MostExpensive.Count > 4) MostExpensive.RemoveAt(4);
        }
    }

    /// <summary>Where rules stand: how many times they run, null for without bound, and from where on old values cannot be told.</summary>
    private readonly record struct RulePlace(DefinitionChecks Checks, Costs Costs, ulong? Times, FieldPath? Uncorrelatable, bool IsRoot = false);

    static partial void Rules(JSONSchemaProps schema, DefinitionChecks checks, FieldPath path, FieldErrors errors)
    {
        if (!StructuralSchema.Any(schema, s => s.Validations is { Count: > 0 })) return;
        var costs = new Costs();
        Rules(schema, new RulePlace(checks, costs, 1, null, IsRoot: true), path, errors);
        if (costs.Total <= CelLimits.StaticEstimateOfAll) return;
        foreach (var (expensive, _) in costs.MostExpensive) errors.Forbidden(expensive, "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema");
        errors.Forbidden(path, TooExpensive("x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema", costs.Total, CelLimits.StaticEstimateOfAll));
    }

    private static void Rules(JSONSchemaProps schema, RulePlace place, FieldPath path, FieldErrors errors)
    {
        var below = place with { IsRoot = false, Times = Times(place.Times, schema) };
        if (schema.AdditionalProperties?.AsSchema() is { } entries) Rules(entries, below, path / "additionalProperties", errors);
        var fields = schema.MapType == "atomic" ? below with { Uncorrelatable = below.Uncorrelatable ?? path } : below;
        foreach (var (name, property) in StructuralSchema.Sorted(schema.Properties)) Rules(property, fields, (path / "properties").Key(name), errors);
        if (schema.Items?.AsSchema() is { } items)
            Rules(items, schema.ListType == "map" ? below : below with { Uncorrelatable = below.Uncorrelatable ?? path }, path / "items", errors);
        if (schema.Validations is { Count: > 0 }) Own(schema, place, path / "x-kubernetes-validations", errors);
    }

    private static ulong? Times(ulong? times, JSONSchemaProps schema) => (times, schema.Type) switch
    {
        (null, _) => null,
        (_, "object") when schema.AdditionalProperties is { IsZero: false } => schema.MaxProperties is { } max ? Multiply(times.Value, (ulong)Math.Max(0, max)) : null,
        (_, "array") => schema.MaxItems is { } max ? Multiply(times.Value, (ulong)Math.Max(0, max)) : null,
        _ => times,
    };

    private static ulong Multiply(ulong cost, ulong times) => cost == 0 ? 0 : ulong.MaxValue / cost < times ? ulong.MaxValue : cost * times;

    private static void Own(JSONSchemaProps schema, RulePlace place, FieldPath path, FieldErrors errors)
    {
        var set = RuleSet.Of(place.IsRoot ? SchemaCompiler.Root(schema) : SchemaCompiler.Compile(schema), place.IsRoot);
        if (set.Self is not { } self)
        {
            errors.Add(new(FieldErrorType.Internal, path.ToString(), null, "internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations"));
            return;
        }
        var times = place.Times ?? (ulong)(CelDeclaration.MaxRequestBytes / (self.MinSize + 1));
        for (var i = 0; i < set.Rules.Count; i++) Rule(set.Rules[i], schema.Validations![i], self, times, place, path[i], errors);
    }

    private static void Rule(CompiledRule compiled, ValidationRule rule, CelDeclaration self, ulong times, RulePlace place, FieldPath path, FieldErrors errors)
    {
        var shown = new JsonObject
        {
            ["Rule"] = rule.Rule, ["Message"] = rule.Message, ["MessageExpression"] = rule.MessageExpression, ["Reason"] = rule.Reason, ["FieldPath"] = rule.FieldPath,
            ["OptionalOldSelf"] = rule.OptionalOldSelf,
        };
        Cost(compiled.Program, times, "estimated rule cost", path / "rule");
        if (compiled.Error is { } error) errors.Invalid(path / "rule", shown, error);
        if (compiled.MessageError is { } wrong) errors.Invalid(path / "messageExpression", shown, wrong);
        else Cost(compiled.Message, 1, "estimated messageExpression cost", path / "messageExpression");
        if (compiled.UsesOldSelf && place.Uncorrelatable is { } above)
            errors.Invalid(path / "rule", rule.Rule, $"oldSelf cannot be used on the uncorrelatable portion of the schema within {above}");
        else if (!compiled.UsesOldSelf && rule.OptionalOldSelf is { } optional) errors.Invalid(path / "optionalOldSelf", optional, "may not be set if oldSelf is not used in rule");

        void Cost(CelProgram? program, ulong runs, string what, FieldPath at)
        {
            if (program is null) return;
            var cost = Multiply(program.EstimateCost(self).Max, runs);
            if (!place.Checks.AnyCost && cost > CelLimits.StaticEstimate) errors.Forbidden(at, TooExpensive(what, cost, CelLimits.StaticEstimate));
            place.Costs.Add(at, cost);
        }
    }

    private static string TooExpensive(string what, ulong cost, long limit)
    {
        var factor = (double)cost / limit;
        var text = factor > 100 ? "more than 100x" : factor < 1.5 ? factor.ToString("F6", CultureInfo.InvariantCulture) + "x" : factor.ToString("F1", CultureInfo.InvariantCulture) + "x";
        return $"{what} exceeds budget by factor of {text} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";
    }
}
