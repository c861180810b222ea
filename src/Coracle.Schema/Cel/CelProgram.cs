namespace Coracle.Schema.Cel;

/// <summary>The values of an environment's variables for one evaluation.</summary>
public sealed class CelActivation
{
    private readonly List<(string Name, CelValue Value)> values = new(4);

    public CelActivation Set(string name, CelValue value)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i].Name != name) continue;
            values[i] = (name, value);
            return this;
        }
        values.Add((name, value));
        return this;
    }

    internal CelValue Get(string name)
    {
        for (var i = 0; i < values.Count; i++)
            if (values[i].Name == name)
                return values[i].Value;
        return CelValue.Error($"no such attribute(s): {name}");
    }
}

/// <summary>What an evaluation gave: a value, or an error with its text, and what it cost.</summary>
/// <param name="Value">An error value where something went wrong.</param>
/// <param name="Cost">In upstream's units, to be taken from a budget.</param>
/// <param name="LimitExceeded">The evaluation was broken off because it cost too much.</param>
public readonly record struct CelResult(CelValue Value, long Cost, bool LimitExceeded)
{
    public bool IsError => Value.IsError;
    public bool IsTrue => Value.IsTrue;

    /// <summary>What went wrong, as cel-go says it.</summary>
    public string? Error => Value.IsError ? Value.ErrorText : null;
}

/// <summary>What came of compiling: a program, or what is wrong.</summary>
public sealed class CelCompilation
{
    internal CelCompilation(CelProgram? program, IReadOnlyList<CelIssue> issues, string text, bool instantiation = false) => (Program, Issues, IssueText, _instantiation) = (program, issues, text, instantiation);

    private readonly bool _instantiation;

    /// <summary>Why there is no program, with what failed before it: the reading and checking, or the making of the program.</summary>
    public string FailureText => _instantiation ? IssueText : "compilation failed: " + IssueText;

    /// <summary>The same of a rule's message.</summary>
    public string MessageFailureText => _instantiation ? "messageExpression instantiation failed: " + Issues[0].Message : "messageExpression compilation failed: " + IssueText;

    public CelProgram? Program { get; }
    public IReadOnlyList<CelIssue> Issues { get; }

    /// <summary>All issues with their lines and carets, as cel-go prints them; empty when there is a program.</summary>
    public string IssueText { get; }
}

/// <summary>How much expressions may cost (apiserver's apis/cel and CRD validation).</summary>
public static class CelLimits
{
    /// <summary>Of one evaluation.</summary>
    public const long PerCall = 1_000_000;

    /// <summary>Of all rules of one object together.</summary>
    public const long RuntimeBudget = 10_000_000;

    /// <summary>Of the match conditions of one webhook or policy binding.</summary>
    public const long MatchConditionsBudget = 2_500_000;

    /// <summary>What one rule of a custom resource may be estimated to cost, all items of the lists around it counted.</summary>
    public const long StaticEstimate = 10_000_000;

    /// <summary>What all rules of a custom resource may be estimated to cost together.</summary>
    public const long StaticEstimateOfAll = 100_000_000;

    /// <summary>The longest text that a messageExpression may give, in bytes.</summary>
    public const int MessageBytes = 5 * 1024;
}

/// <summary>An expression ready to run, any number of times and on any thread.</summary>
public sealed class CelProgram
{
    private readonly Code code;
    private readonly string[] variables;
    private readonly int slots;
    private readonly Expr tree;

    private CelProgram(Expr tree, CelType type, CelEnvironment environment)
    {
        this.tree = tree;
        OutputType = type;
        (code, variables, slots) = Compiler.Compile(tree, environment);
    }

    /// <summary>The checked type of what it gives.</summary>
    public CelType OutputType { get; }

    /// <summary>The variables that the expression reads.</summary>
    public IReadOnlyList<string> Variables => variables;

    /// <summary>Whether the expression names a field of a variable, by <c>variable.field</c> or <c>variable.?field</c>.</summary>
    public bool Selects(string variable, string field) => SelectSearch.Finds(tree, variable, field);

    /// <summary>Reads, checks and compiles an expression. Never throws: what is wrong with it is in the issues.</summary>
    public static CelCompilation Compile(string text, CelEnvironment environment)
    {
        var source = new CelSource(text);
        var issues = new CelIssues(source);
        if (Parser.Parse(source, issues, environment.Bindings) is not { } tree) return Failed(issues);
        new Checker(environment, issues).Check(tree);
        if (issues.Count == 0) LiteralChecks.Check(tree, issues, environment.MixedLiterals);
        if (issues.Count > 0) return Failed(issues);
        try
        {
            return new(new CelProgram(tree, tree.Type, environment), [], "");
        }
        catch (PlanException failed)
        {
            return new(null, [new CelIssue(source, -1, failed.Message)], "program instantiation failed: " + failed.Message, instantiation: true);
        }
    }

    private static CelCompilation Failed(CelIssues issues) => new(null, issues.Sorted(), issues.Text());

    /// <summary>
    /// What an evaluation may cost at the least and at the most, by the sizes that schemas allow. A definition multiplies it by the items of the lists
    /// and maps around the rule and holds the result against <see cref="CelLimits.StaticEstimate"/>.
    /// </summary>
    /// <param name="self">The declaration of what the expression's paths begin at: <c>self</c>.</param>
    public CostRange EstimateCost(CelDeclaration? self = null) => CostEstimator.Estimate(tree, self);

    /// <summary>Runs the program, until it is done or has cost more than <paramref name="costLimit"/>.</summary>
    public CelResult Evaluate(CelActivation activation, long costLimit = CelLimits.PerCall)
    {
        var frame = Frame.Rent(slots, costLimit);
        for (var i = 0; i < variables.Length; i++) frame.Slots[i] = activation.Get(variables[i]);
        var work = Work.Begin();
        try
        {
            var value = code(frame);
            return new(value, frame.Cost, false);
        }
        catch (CostExceededException)
        {
            return new(CelValue.Error("operation cancelled: actual cost limit exceeded"), frame.Cost, true);
        }
        finally
        {
            Work.Resume(work);
            frame.Return(slots);
        }
    }
}
