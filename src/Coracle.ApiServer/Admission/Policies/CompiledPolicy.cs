using System.Collections.Frozen;
using Coracle.Kinds.AdmissionRegistration.V1;

namespace Coracle.ApiServer;

/// <summary>One binding of a policy.</summary>
internal sealed record CompiledBinding(string Name, CompiledMatch? Match, ParamRef? Param, IReadOnlyList<string> Actions);

/// <summary>A policy of either sort, read and compiled once, with its bindings.</summary>
internal abstract class CompiledPolicy(string name, ParamKind? paramKind, MatchResources? constraints, string? failurePolicy, IReadOnlyList<CompiledBinding> bindings)
{
    public string Name => name;
    public ParamKind? ParamKind => paramKind;
    public CompiledMatch? Match { get; } = constraints is null ? null : new CompiledMatch(constraints);
    public bool IgnoresFailure { get; } = failurePolicy == FailurePolicyType.Ignore;
    public IReadOnlyList<CompiledBinding> Bindings => bindings;
    public MatchConditions Conditions { get; protected init; } = MatchConditions.Of(null, null, false);
    public IReadOnlyList<(string Name, AdmissionExpression Expression)> Variables { get; protected init; } = [];

    protected static List<(string Name, AdmissionExpression Expression)> Compile(AdmissionExpressions expressions, List<Variable>? variables) =>
        (variables ?? []).ConvertAll(v => (v.Name, expressions.Variable(v.Name, v.Expression)));
}

/// <summary>A policy that validates.</summary>
internal sealed class ValidatingPolicy : CompiledPolicy
{
    public ValidatingPolicy(ValidatingAdmissionPolicy policy, IReadOnlyList<CompiledBinding> bindings)
        : base(policy.Metadata.Name, policy.Spec.ParamKind, policy.Spec.MatchConstraints, policy.Spec.FailurePolicy, bindings)
    {
        var spec = policy.Spec;
        var expressions = new AdmissionExpressions(spec.ParamKind is not null);
        Conditions = MatchConditions.Of(spec.MatchConditions, spec.FailurePolicy, spec.ParamKind is not null);
        Variables = Compile(expressions, spec.Variables);
        Rules = (spec.Validations ?? []).ConvertAll(v => new ValidationRule(expressions.Compile(v.Expression, ExpressionPlace.Validation),
            v.MessageExpression.Length > 0 ? expressions.Compile(v.MessageExpression, ExpressionPlace.Message) : null, v.Message.Trim(), v.Reason ?? "Invalid"));
        Annotations = (spec.AuditAnnotations ?? []).ConvertAll(a => (a.Key, expressions.Compile(a.ValueExpression.Trim(), ExpressionPlace.Audit)));
    }

    public IReadOnlyList<ValidationRule> Rules { get; }
    public IReadOnlyList<(string Key, AdmissionExpression Expression)> Annotations { get; }
}

/// <summary>What must be true, and what is said when it is not.</summary>
internal sealed record ValidationRule(AdmissionExpression Expression, AdmissionExpression? MessageExpression, string Message, string Reason);

/// <summary>Policies with those of their bindings that there are; one without a binding does nothing and is left out.</summary>
internal static class CompiledPolicies
{
    public static ValidatingPolicy[] Validating(IReadOnlyList<StoredObject>[] stored)
    {
        var bindings = stored[1].Select(Configuration.Read<ValidatingAdmissionPolicyBinding>).OfType<ValidatingAdmissionPolicyBinding>()
            .GroupBy(b => b.Spec.PolicyName, b => new CompiledBinding(b.Metadata.Name, Match(b.Spec.MatchResources), b.Spec.ParamRef, b.Spec.ValidationActions ?? []))
            .ToFrozenDictionary(g => g.Key, g => g.ToList());
        return
        [
            .. stored[0].Select(Configuration.Read<ValidatingAdmissionPolicy>).OfType<ValidatingAdmissionPolicy>().Where(p => bindings.ContainsKey(p.Metadata.Name))
                .Select(p => new ValidatingPolicy(p, bindings[p.Metadata.Name])),
        ];
    }

    public static MutatingPolicy[] Mutating(IReadOnlyList<StoredObject>[] stored)
    {
        var bindings = stored[1].Select(Configuration.Read<MutatingAdmissionPolicyBinding>).OfType<MutatingAdmissionPolicyBinding>()
            .GroupBy(b => b.Spec.PolicyName, b => new CompiledBinding(b.Metadata.Name, Match(b.Spec.MatchResources), b.Spec.ParamRef, []))
            .ToFrozenDictionary(g => g.Key, g => g.ToList());
        return
        [
            .. stored[0].Select(Configuration.Read<MutatingAdmissionPolicy>).OfType<MutatingAdmissionPolicy>().Where(p => bindings.ContainsKey(p.Metadata.Name))
                .Select(p => new MutatingPolicy(p, bindings[p.Metadata.Name])),
        ];
    }

    private static CompiledMatch? Match(MatchResources? match) => match is null ? null : new CompiledMatch(match);
}

/// <summary>A policy that mutates.</summary>
internal sealed class MutatingPolicy : CompiledPolicy
{
    public MutatingPolicy(MutatingAdmissionPolicy policy, IReadOnlyList<CompiledBinding> bindings)
        : base(policy.Metadata.Name, policy.Spec.ParamKind, policy.Spec.MatchConstraints, policy.Spec.FailurePolicy, bindings)
    {
        var spec = policy.Spec;
        var expressions = new AdmissionExpressions(spec.ParamKind is not null);
        Conditions = MatchConditions.Of(spec.MatchConditions, spec.FailurePolicy, spec.ParamKind is not null);
        Variables = Compile(expressions, spec.Variables);
        Mutations = (spec.Mutations ?? []).ConvertAll(m => m.PatchType == PatchType.JSONPatch
            ? (IsPatch: true, expressions.Compile(m.JsonPatch?.Expression ?? "", ExpressionPlace.JsonPatch))
            : (IsPatch: false, expressions.Compile(m.ApplyConfiguration?.Expression ?? "", ExpressionPlace.ApplyConfiguration)));
        IsReinvocable = spec.ReinvocationPolicy == ReinvocationPolicyType.IfNeeded;
    }

    public IReadOnlyList<(bool IsPatch, AdmissionExpression Expression)> Mutations { get; }
    public bool IsReinvocable { get; }
}
