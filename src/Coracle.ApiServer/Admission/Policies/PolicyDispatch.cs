using Coracle.Schema.Cel;

namespace Coracle.ApiServer;

/// <summary>A policy to be asked about a request, by one of its bindings and with one set of parameters.</summary>
internal readonly record struct PolicyInvocation<TPolicy>(TPolicy Policy, CompiledBinding Binding, PolicyInput Input, string ParameterKey, CelValue Parameter) where TPolicy : CompiledPolicy
{
    public string Id => $"policy/{Policy.Name}/{Binding.Name}/{ParameterKey}";
}

/// <summary>Why a policy that is about the request cannot be asked; its failure policy decides what that means.</summary>
internal readonly record struct PolicyFailure(CompiledPolicy Policy, CompiledBinding? Binding, string Message);

/// <summary>Which policies, bindings and parameters a request calls for.</summary>
internal static class PolicyDispatch
{
    public static List<PolicyInvocation<TPolicy>> Find<TPolicy>(TPolicy[] policies, AdmissionContext context, AdmissionTarget target, List<PolicyFailure> failures) where TPolicy : CompiledPolicy
    {
        var found = new List<PolicyInvocation<TPolicy>>();
        var inputs = new Dictionary<Resource, PolicyInput>();
        foreach (var policy in policies)
        {
            var matched = policy.Match?.Find(context, target) ?? ApiStatus.Internal("policy contained no match constraints, a required field");
            if (matched.Error is { } error) failures.Add(new(policy, null, $"failed to configure policy: {error.Message}"));
            if (matched.Value is not { } seenAs) continue;
            if (!inputs.TryGetValue(seenAs, out var input)) inputs[seenAs] = input = new PolicyInput(context, target, seenAs);
            foreach (var binding in policy.Bindings) Bind(policy, binding, input, context, target, found, failures);
        }
        return found;
    }

    private static void Bind<TPolicy>(TPolicy policy, CompiledBinding binding, PolicyInput input, AdmissionContext context, AdmissionTarget target, List<PolicyInvocation<TPolicy>> found,
        List<PolicyFailure> failures) where TPolicy : CompiledPolicy
    {
        if (binding.Match is { } match)
        {
            var matched = match.Find(context, target);
            if (matched.Error is { } error) failures.Add(new(policy, binding, $"failed to configure binding: {error.Message}"));
            if (matched.Value is null) return;
        }
        var parameters = PolicyParameters.Of(context, target, policy.ParamKind, binding.Param, out var problem);
        if (problem is not null) failures.Add(new(policy, binding, $"failed to configure binding: {problem}"));
        else found.AddRange(parameters.Select(p => new PolicyInvocation<TPolicy>(policy, binding, input, p.Key, p.Value)));
    }
}
