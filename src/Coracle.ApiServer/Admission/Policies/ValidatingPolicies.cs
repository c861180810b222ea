using System.Text.Json;
using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Schema.Cel;

namespace Coracle.ApiServer;

/// <summary>Policies in CEL that may refuse what is about to be written (upstream: ValidatingAdmissionPolicy).</summary>
public sealed class ValidatingPolicies : AdmissionPlugin
{
    /// <summary>What all expressions of a policy may cost for one request (apiserver, apis/cel).</summary>
    internal const long Budget = CelLimits.RuntimeBudget;

    private const int AnnotationBytesMax = 10 * 1024;
    private const int FailuresMax = 50;

    private readonly ConfigurationSet<ValidatingPolicy[]> _policies = new(CompiledPolicies.Validating,
        "validatingadmissionpolicies.admissionregistration.k8s.io", "validatingadmissionpolicybindings.admissionregistration.k8s.io");

    public override string Name => "ValidatingAdmissionPolicy";

    public override ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        var policies = _policies.Get(context.Server);
        return policies.Length == 0 || WebhookInvocation.IsExempt(context) ? default : UnansweredException.Await(() => Judge(policies, context));
    }

    /// <summary>Something that a policy does not accept.</summary>
    private sealed record Denial(CompiledPolicy Policy, CompiledBinding? Binding, int Rule, string Message, string Reason);

    private static ApiStatus? Judge(ValidatingPolicy[] policies, AdmissionContext context)
    {
        var failures = new List<PolicyFailure>();
        var invocations = PolicyDispatch.Find(policies, context, AdmissionTarget.Of(context), failures);
        var denied = failures.Where(f => !f.Policy.IgnoresFailure).Select(f => new Denial(f.Policy, f.Binding, 0, f.Message, "")).ToList();
        var audited = new List<Denial>();
        foreach (var invocation in invocations)
        {
            foreach (var denial in Ask(invocation, context)) Act(denial, invocation.Binding, context, denied, audited);
        }
        if (audited.Count > 0) context.Request.Annotate("validation.policy.admission.k8s.io/validation_failure", Written(audited.Take(FailuresMax)));
        return denied.Count == 0 ? null : Refusal(context, denied[0]);
    }

    private static void Act(Denial denial, CompiledBinding binding, AdmissionContext context, List<Denial> denied, List<Denial> audited)
    {
        foreach (var action in binding.Actions)
        {
            if (action == ValidationAction.Deny) denied.Add(denial);
            else if (action == ValidationAction.Audit) audited.Add(denial);
            else if (action == ValidationAction.Warn)
                context.Request.Warnings.Add($"Validation failed for ValidatingAdmissionPolicy '{denial.Policy.Name}' with binding '{binding.Name}': {denial.Message}");
        }
    }

    private static IEnumerable<Denial> Ask(PolicyInvocation<ValidatingPolicy> invocation, AdmissionContext context)
    {
        var (policy, binding) = (invocation.Policy, invocation.Binding);
        if (!policy.Conditions.Hold(invocation.Input, invocation.Parameter, out var error))
            return error is null || policy.IgnoresFailure ? [] : [new Denial(policy, binding, 0, error, "")];
        var run = new PolicyRun(invocation.Input, invocation.Parameter, policy.Variables, Budget);
        var denials = new List<Denial>();
        for (var i = 0; i < policy.Rules.Count; i++)
            if (Check(policy.Rules[i], run, policy.IgnoresFailure, out var reason) is { } message) denials.Add(new(policy, binding, i, message, reason));
        Annotate(invocation, context, denials);
        return denials;
    }

    /// <summary>Why the rule is not fulfilled; null when it is, or when what went wrong is to be ignored.</summary>
    private static string? Check(ValidationRule rule, PolicyRun run, bool ignoresFailure, out string reason)
    {
        reason = "";
        var value = run.Evaluate(rule.Expression);
        if (value.Error is { } error) return ignoresFailure ? null : error;
        if (value.Value.IsTrue) return null;
        reason = rule.Reason;
        if (rule.MessageExpression is { } expression && run.Evaluate(expression) is { Error: null, Value: { Kind: CelKind.String } told })
        {
            var text = told.AsString.Trim();
            if (text.Length > 0 && System.Text.Encoding.UTF8.GetByteCount(text) <= CelLimits.MessageBytes && !text.Contains('\n', StringComparison.Ordinal)) return text;
        }
        return rule.Message.Length > 0 ? rule.Message : $"failed expression: {rule.Expression.Text.Trim()}";
    }

    // Annotations have a budget of their own.
    private static void Annotate(PolicyInvocation<ValidatingPolicy> invocation, AdmissionContext context, List<Denial> denials)
    {
        var policy = invocation.Policy;
        if (policy.Annotations.Count == 0) return;
        var run = new PolicyRun(invocation.Input, invocation.Parameter, policy.Variables, Budget);
        foreach (var (key, expression) in policy.Annotations)
        {
            var value = run.Evaluate(expression);
            if (value.Error is { } error)
            {
                if (!policy.IgnoresFailure) denials.Add(new(policy, invocation.Binding, 0, error, ""));
            }
            else if (value.Value.Kind == CelKind.String && value.Value.AsString.Trim() is { Length: > 0 } text)
                context.Request.Annotate($"{policy.Name}/{key}", text.Length > AnnotationBytesMax ? text[..AnnotationBytesMax] : text);
        }
    }

    private static ApiStatus Refusal(AdmissionContext context, Denial denial)
    {
        var by = denial.Binding is { } binding ? $" with binding '{binding.Name}'" : "";
        var message = $"ValidatingAdmissionPolicy '{denial.Policy.Name}'{by} denied request: {denial.Message}";
        var reason = denial.Reason.Length > 0 ? denial.Reason : "Invalid";
        var code = reason switch { "Forbidden" => 403, "Unauthorized" => 401, "RequestEntityTooLarge" => 413, _ => 422 };
        var forbidden = ApiStatus.Forbidden(context.Request.Kind, context.ObjectName, message);
        return forbidden with { Code = code, Reason = reason, Causes = [.. forbidden.Causes, new StatusCause("", message, "")] };
    }

    private static string Written(IEnumerable<Denial> denials)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Schema.ApiJson.WriterOptions))
        {
            writer.WriteStartArray();
            foreach (var denial in denials)
            {
                writer.WriteStartObject();
                writer.WriteString("message"u8, denial.Message);
                writer.WriteString("policy"u8, denial.Policy.Name);
                writer.WriteString("binding"u8, denial.Binding!.Name);
                writer.WriteNumber("expressionIndex"u8, denial.Rule);
                writer.WriteStartArray("validationActions"u8);
                foreach (var action in denial.Binding.Actions) writer.WriteStringValue(action);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
