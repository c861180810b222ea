using System.Text.Json.Nodes;
using Coracle.Schema;
using Coracle.Schema.Cel;

namespace Coracle.ApiServer;

/// <summary>Policies in CEL that change what is about to be written, one after the other in the order of their names (upstream: MutatingAdmissionPolicy).</summary>
public sealed class MutatingPolicies : AdmissionPlugin
{
    private readonly ConfigurationSet<MutatingPolicy[]> _policies = new(CompiledPolicies.Mutating,
        "mutatingadmissionpolicies.admissionregistration.k8s.io", "mutatingadmissionpolicybindings.admissionregistration.k8s.io");

    public override string Name => "MutatingAdmissionPolicy";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        var policies = _policies.Get(context.Server);
        return policies.Length == 0 || context.Object is null || WebhookInvocation.IsExempt(context) ? default : Apply(policies, context);
    }

    private static async ValueTask<ApiStatus?> Apply(MutatingPolicy[] policies, AdmissionContext context)
    {
        var failures = new List<PolicyFailure>();
        var invocations = PolicyDispatch.Find(policies, context, AdmissionTarget.Of(context), failures);
        if (invocations.Count > 0)
        {
            var again = context.Reinvocation ??= new Reinvocation();
            if (again.IsSecond && again.Last is { } last && !Snapshot(context).AsSpan().SequenceEqual(last)) again.Changed();
            foreach (var invocation in invocations)
            {
                if (again.IsSecond && !again.IsToBeAsked(invocation.Id)) continue;
                await Change(invocation, context, again, failures);
            }
            again.Last = Snapshot(context);
        }
        var counted = failures.Where(f => !f.Policy.IgnoresFailure).ToList();
        return counted.Count == 0 ? null : Refusal(context, counted);
    }

    private static byte[]? Snapshot(AdmissionContext context) => AdmissionObject.New(context, context.Request.Resource);

    private static async ValueTask Change(PolicyInvocation<MutatingPolicy> invocation, AdmissionContext context, Reinvocation again, List<PolicyFailure> failures)
    {
        var (policy, binding, input) = (invocation.Policy, invocation.Binding, invocation.Input);
        var (holds, error) = await UnansweredException.Await(() => (policy.Conditions.Hold(input, invocation.Parameter, out var problem), problem));
        if (!holds)
        {
            if (error is not null) failures.Add(new(policy, binding, error));
            return;
        }
        var before = Snapshot(context);
        foreach (var (isPatch, expression) in policy.Mutations)
        {
            var value = await UnansweredException.Await(() => new PolicyRun(input, invocation.Parameter, policy.Variables, ValidatingPolicies.Budget).Evaluate(expression));
            var made = value.Error is null
                ? await UnansweredException.Await(() => isPatch ? Patched(context, input.SeenAs, value.Value) : Applied(context, input.SeenAs, value.Value))
                : ApiStatus.Internal(value.Error) with { Message = value.Error };
            if (made.Error is { } wrong)
            {
                failures.Add(new(policy, binding, wrong.Message));
                continue;
            }
            context.Object = made.Value;
            input.Forget();
        }
        if (!Snapshot(context).AsSpan().SequenceEqual(before))
        {
            again.Changed();
            again.IsWanted = true;
        }
        if (policy.IsReinvocable) again.Done(invocation.Id);
    }

    private static ApiStatus Wrong(string message) => new(422, "Invalid", message);

    private static Result<JsonObject> Patched(AdmissionContext context, Resource seenAs, CelValue value)
    {
        var operations = new JsonArray();
        foreach (var item in value.AsList.Items())
        {
            if (CelMutations.ToOperation(item, out var error) is not { } operation) return Wrong($"JSONPath valueExpression evaluated to a type that could not marshal to JSON: {error}");
            operations.Add((JsonNode)operation);
        }
        var patched = JsonPatch.Apply(ApiJson.ParseTree(AdmissionObject.New(context, seenAs))!, operations);
        if (patched.Error is { } failed)
        {
            // A test that fails says that the patch is not meant for this object.
            return failed.Message.Contains("testing value", StringComparison.Ordinal) || failed.Message.Contains("test failed", StringComparison.Ordinal) ? context.Object! : Wrong($"JSON Patch: {failed.Message}");
        }
        return Accept(context, seenAs, patched.Document);
    }

    private static Result<JsonObject> Applied(AdmissionContext context, Resource seenAs, CelValue value)
    {
        if (CelMutations.CheckTypeNames(value) is { } mismatch) return Wrong($"type mismatch: {mismatch}");
        if (ApplyConfigurations.ToJson(value, out var error) is not { } applied) return Wrong($"ApplyConfiguration expression evaluated to a type that could not marshal to JSON: {error}");
        var kind = AdmissionObject.KindIn(context, seenAs);
        if (ApplyConfigurations.Atomic(applied, kind.Schema) is { Count: > 0 } atomic)
            return Wrong($"error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: {string.Join(", ", atomic)}");
        var live = (JsonObject)ApiJson.ParseTree(AdmissionObject.New(context, seenAs))!;
        var merged = ApplyConfigurations.Merge(live, applied, kind, context.Server.Clock);
        return merged.Failed ? merged : Accept(context, seenAs, merged.Value);
    }

    private static Result<JsonObject> Accept(AdmissionContext context, Resource seenAs, JsonNode? made) =>
        AdmissionObject.Accept(context, seenAs, System.Text.Encoding.UTF8.GetBytes(made?.ToJsonString() ?? "null"), out var problem) is { } obj ? obj : Wrong(problem ?? "the object is none");

    private static ApiStatus Refusal(AdmissionContext context, List<PolicyFailure> failures)
    {
        var messages = failures.ConvertAll(f => f.Binding is { } binding
            ? $"policy '{f.Policy.Name}' with binding '{binding.Name}' denied request: {f.Message}"
            : $"policy {GoText.Quote(f.Policy.Name)} denied request: {f.Message}");
        // What went wrong while a policy was asked is the request's fault, what its configuration lacks is not.
        var reason = failures[0].Message.StartsWith("failed to configure", StringComparison.Ordinal) ? "Forbidden" : "Invalid";
        return ApiStatus.Forbidden(context.Request.Kind, context.ObjectName, "") with { Message = messages[0], Reason = reason, Causes = [.. messages.Select(m => new StatusCause("", m, ""))] };
    }
}
