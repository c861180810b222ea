namespace Coracle.ApiServer;

/// <summary>
/// An expression asked the authorizer, or for the object in another version, what only somebody outside can answer. Expressions do not wait: whoever runs them awaits
/// the answer, which is then known, and runs them again.
/// </summary>
internal sealed class UnansweredException(Task answer) : Exception("somebody outside has yet to answer")
{
    public Task Answer { get; } = answer;

    /// <summary>Runs something until all that it asks is known. What it does has to be repeatable up to where it asks.</summary>
    public static ValueTask<T> Await<T>(Func<T> run)
    {
        try
        {
            return new(run());
        }
        catch (UnansweredException unanswered)
        {
            return Again(run, unanswered.Answer);
        }
    }

    private static async ValueTask<T> Again<T>(Func<T> run, Task answer)
    {
        // Each round knows an answer more, and expressions ask a bounded number of questions: they have a budget.
        while (true)
        {
            await answer;
            try
            {
                return run();
            }
            catch (UnansweredException unanswered)
            {
                answer = unanswered.Answer;
            }
        }
    }
}
